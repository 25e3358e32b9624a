"""The words of the field that the app, reports and the command line show: each in a sentence, with its formula and what
to watch. There is one for the name of everything that is shown: readouts, knobs, terms of a loss, sheets, figures.
"""

from aelib.glossary.find import GLOSSARY, TERMS, find
from aelib.glossary.term import Term

__all__ = ["GLOSSARY", "TERMS", "Term", "find"]
