"""What pages ask trained networks. Importing it loads torch: `cache` does so when such a page first asks."""
