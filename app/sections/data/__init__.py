"""Parts of the Data page: choosing files, options, what would come of them, and what was added."""
