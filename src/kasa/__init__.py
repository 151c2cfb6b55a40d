"""kasa, the back office of a shop that sells by chat.

The map of the house, from the inside out:

* ``kasa.domain``: pure values and rules, one package per context.
* ``kasa.application``: use cases, what they need (``ports``), and the steps that join contexts.
* ``kasa.adapters``: one package per technology behind the ports; ``memory`` is a whole kasa.
* ``kasa.entrypoints``: command line, worker; they translate and decide nothing.

Start at ``kasa.application.kasa.Kasa``; ``Kasa.over(memory_ports())`` opens one in dictionaries.
"""

__version__ = "0.1.0"
