"""Choose data and a recipe: what fits the data is offered, of the rest the reason is said."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.ui import page, state

if TYPE_CHECKING:
    from xmodal.ui.networks.launching import Offer


def show(catalogs: list[str]) -> tuple[str, str] | None:
    """The name of a recipe and its data; None if nothing fits the data."""
    from xmodal.ui.networks import launching

    left, right = st.columns([2, 3], gap="medium")
    with left:
        data = st.selectbox(
            "Data", [launching.WORLD, *catalogs], key=state.TRAIN_ON, bind="query-params",
            help="A catalog of yours in place of what the recipe was made for",
        )  # fmt: skip
    offers = launching.offers(data)
    fitting = [offer for offer in offers if not offer.why_not]
    asked = next((offer for offer in offers if offer.name == state.asked_recipe()), None)
    if asked is not None and asked.why_not:
        st.warning(page.plain(f"{asked.name} is not offered on these data: it {asked.why_not}"))
    chosen = ""
    if not fitting:
        page.empty("No recipe fits these data.", "Choose others above; the reasons are below.")
    else:
        with left:
            family = _family(fitting, asked)
        with right:
            chosen = _recipe([offer for offer in fitting if offer.family == family])
    _others([offer for offer in offers if offer.why_not])
    return (chosen, data) if chosen else None


def _family(fitting: "list[Offer]", asked: "Offer | None") -> str:
    from xmodal.ui.networks import launching

    names = list(dict.fromkeys(offer.family for offer in fitting))
    state.open_family(asked.family if asked is not None else "", names)
    meanings = launching.meanings()
    lines = "\n".join(f"- {name}: {meanings[name]}" for name in names)
    chosen = st.segmented_control(
        "Kind of recipe", names, required=True, key=state.FAMILY, bind="query-params", help=lines,
    )  # fmt: skip
    return chosen if chosen in names else names[0]


def _recipe(offers: "list[Offer]") -> str:
    known = {offer.name: offer for offer in offers}
    name = st.selectbox(
        "Recipe", list(known), key=state.RECIPE, bind="query-params",
        help="Everything that decides a training: networks, losses, stages, data",
    )  # fmt: skip
    with st.container(gap="xxsmall"):
        st.markdown(f"**{page.plain(known[name].title)}**")
        st.caption(page.plain(known[name].remark))
    return name


def _others(offers: "list[Offer]") -> None:
    """Recipes that do not fit, under the reason why."""
    if not offers:
        return
    reasons: dict[str, list[str]] = {}
    for offer in offers:
        reasons.setdefault(offer.why_not, []).append(offer.name)
    with st.expander(f"{page.counted(len(offers), 'recipe')} not offered on these data: why", type="compact"):
        for why, names in reasons.items():
            st.markdown(f"**{page.plain(why[:1].upper() + why[1:])}**: {page.plain(', '.join(names))}")
