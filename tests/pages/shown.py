"""What a page under test shows."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def sent(page: AppTest, field: str) -> list[dict[str, Any]]:
    """What the components of the page were given, of those whose data have the field."""
    messages = [element.proto.mixed.json or element.proto.json for element in page.get("bidi_component")]
    return [data for data in map(json.loads, filter(None, messages)) if field in data]
