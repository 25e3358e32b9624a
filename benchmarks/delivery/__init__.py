"""The app with modules that come to the browser in other ways, to compare with."""
