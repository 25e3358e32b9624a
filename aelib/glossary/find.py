"""All terms, and finding one by any of its names."""

from difflib import get_close_matches

from aelib.errors import ConfigError
from aelib.glossary.errors import ERRORS
from aelib.glossary.learning import LEARNING
from aelib.glossary.maps import MAPS
from aelib.glossary.measures import MEASURES
from aelib.glossary.parts import PARTS
from aelib.glossary.probability import PROBABILITY
from aelib.glossary.robustness import ROBUSTNESS
from aelib.glossary.sparsity import SPARSITY
from aelib.glossary.term import Term

#: In the order in which one would learn them.
TERMS: tuple[Term, ...] = (*PARTS, *LEARNING, *ERRORS, *PROBABILITY, *ROBUSTNESS, *SPARSITY, *MEASURES, *MAPS)

#: By every name of the code.
GLOSSARY: dict[str, Term] = {name: term for term in TERMS for name in (term.key, *term.also)}

#: Names that are offered where there is none.
OFFERED = 3


def find(text: str) -> Term:
    """The term that goes by a name, of the code or of people, in capitals or not.

    Raises `ConfigError`, with the names that are closest, where there is none.
    """
    names = {_folded(name): term for term in TERMS for name in (term.key, term.name, *term.also)}
    if found := names.get(_folded(text)):
        return found
    near = dict.fromkeys(names[name].name for name in get_close_matches(_folded(text), names, OFFERED, 0.5))
    known = f"close to it are {', '.join(near)}." if near else "`aelib explain` lists those there are."
    raise ConfigError(f"The glossary has no term {text!r:.40}: {known}")


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
