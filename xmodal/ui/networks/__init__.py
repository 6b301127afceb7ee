"""What pages ask trained networks and recipes. Importing it loads torch: `cache` and views do so when such a page first
asks."""
