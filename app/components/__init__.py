"""The project's own components and other small things to show, each a function that draws one."""
