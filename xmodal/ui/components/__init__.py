"""Components in plain JavaScript, one stem each: `<name>.html`, `.css`, `.js`. No build step, no request elsewhere.

Data go in as JSON; text in them is shown with `textContent` only. Each script is its own after `shared.js`.
"""
