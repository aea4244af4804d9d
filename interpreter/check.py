"""What can be said about a script without running it: names, labels, warnings. Also: its bytes as text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from interpreter import catalogue, tree
from interpreter.errors import Diagnostic
from interpreter.functions import FUNCTIONS
from interpreter.keywords import KeywordTable
from interpreter.parser import habits, parse
from interpreter.parser.stream import nearest, plural
from interpreter.parser.words import leading_text
from interpreter.paths import is_file, is_remote
from interpreter.suspicions import suspicions
from interpreter.tokens import fold, words
from interpreter.walk import bodies_of, children, expressions_of

PREDEFINED = words(
    "session_id user_id bot_id bot channel user username user_name user_email user_phone from mobile message "
    "today now body params headers method path host err error"
)
"""Names that a run may find set without the script setting them."""

_COLLECTION_KEYWORDS = frozenset(("USE KB", "ADD KB", "SET KB"))
_TOOL_KEYWORDS = frozenset(("USE TOOL", "ADD TOOL"))
_LEAVES = (tree.Exit, tree.Return, tree.Goto, tree.Throw)


def check(
    name: str,
    source: str,
    keywords: KeywordTable,
    *,
    siblings: Mapping[str, tree.Script] | None = None,
    collections: Collection[str] | None = None,
    service_paths: bool = False,
    given: Collection[str] = (),
) -> list[Diagnostic]:
    """Every finding about a script, in order of position.

    :param siblings: the bot's scripts by stem; None: which scripts exist is not known.
    :param collections: the bot's knowledge bases; None: not known.
    :param service_paths: the bot says which server answers paths such as ``/api/orders`` (``api-base-url``).
    :param given: variables that the bot sets at the start of each run (``param-*``).
    """
    script, findings = parse(name, source, keywords)
    if any(finding.code in ("not-a-script", "script-too-large") for finding in findings):
        return findings
    complete = all(finding.severity == "warning" for finding in findings)
    names = check_names(
        script,
        siblings=siblings,
        collections=collections,
        complete=complete,
        service_paths=service_paths,
        given=given,
    )
    return sorted([*findings, *names], key=lambda finding: (finding.line, finding.column))


def check_names(
    script: tree.Script,
    *,
    siblings: Mapping[str, tree.Script] | None = None,
    collections: Collection[str] | None = None,
    complete: bool = True,
    service_paths: bool = False,
    given: Collection[str] = (),
    advice: bool = True,
) -> list[Diagnostic]:
    """Findings about names of a script that is already parsed.

    :param complete: False: statements with errors are missing from the tree, so that who sets and reads
        which variable is not known.
    :param advice: False: what is only warned of need not be looked for.
    """
    look = _Check(script, siblings, collections, service_paths=service_paths)
    look.given = PREDEFINED | {fold(name) for name in given}
    return look.run(complete=complete, advice=advice)


def decode_source(raw: bytes) -> tuple[str, list[Diagnostic]]:
    """A file's bytes as text: UTF-8, with or without a byte order mark, else Windows-1252 with a warning."""
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as problem:
        before = raw[: problem.start]
        line = before.count(b"\n") + 1
        column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
        message = "The file is not UTF-8; it was read as Windows-1252"
        warning = Diagnostic(
            severity="warning",
            code="encoding",
            message=message,
            line=line,
            column=column,
            hint="Save it as UTF-8",
        )
        return raw.decode("cp1252", "replace"), [warning]


@dataclass
class Names:
    """What a script, or one of its procedures, sets, reads, calls and jumps to."""

    read: list[tree.Name] = field(default_factory=list)
    called: list[tree.Call] = field(default_factory=list)
    methods: list[tree.MethodCall] = field(default_factory=list)
    labels: list[tree.Label] = field(default_factory=list)
    jumps: list[tuple[tree.Node, str, str]] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)  # heads of GET "head.member"
    sets: set[str] = field(default_factory=set)  # last: the name hides the builtin below it


class _Check:
    """One look at one script."""

    def __init__(
        self,
        script: tree.Script,
        siblings: Mapping[str, tree.Script] | None,
        collections: Collection[str] | None,
        *,
        service_paths: bool = True,
    ) -> None:
        self.script = script
        self.siblings = siblings
        self.collections = None if collections is None else {fold(name) for name in collections}
        self.findings: list[Diagnostic] = []
        self.scripts_called = False
        self.complete = True
        self.service_paths = service_paths
        self.given: Collection[str] = PREDEFINED
        self.missing: set[str] = set()  # what nobody answers here, noted once each

    def run(self, *, complete: bool = True, advice: bool = True) -> list[Diagnostic]:
        self.complete = complete
        scopes = [self._scope(self.script.body)]
        procedures = self.script.procedures.values()
        scopes += [self._scope(procedure.body, set(procedure.parameters)) for procedure in procedures]
        for parameter in self.script.parameters:
            scopes[0].sets.add(parameter.name)
            if parameter.default is not None:
                self._expression(parameter.default, scopes[0])
        handlers = []
        for declaration in self.script.declarations:
            self._unavailable(declaration.phrase, declaration)
            handlers.append(self._scope(declaration.body))  # what they read, the changed row may give
        known = set.union(*(scope.sets for scope in (*scopes, *handlers)))
        for scope in (*scopes, *handlers):
            self._labels(scope)
            self._calls(scope, known)
            self._objects(scope, known)
        if complete and advice and not self.scripts_called:
            self._reads(scopes, known)
            self._parameters([*scopes, *handlers])
        if complete and advice:
            self.findings.extend(suspicions(self.script, known))
        return sorted(self.findings, key=lambda finding: (finding.line, finding.column))

    def _note(self, severity: str, code: str, message: str, at: tree.Node, hint: str = "") -> None:
        self.findings.append(
            Diagnostic(
                severity="error" if severity == "error" else "warning",
                code=code,
                message=message,
                line=at.line,
                column=at.column,
                hint=hint,
            )
        )

    # --- collecting -----------------------------------------------------------------------------------------

    def _scope(self, body: list[tree.Statement], given: set[str] | None = None) -> Names:
        names = Names(sets=given or set())
        self._body(body, names)
        return names

    def _body(self, body: list[tree.Statement], names: Names) -> None:
        left: tree.Statement | None = None
        for statement in body:
            if left is not None and self.complete and not isinstance(statement, tree.Label):
                message = f"This is never reached: line {left.line} does not go on to it"
                hint = f"Move it before line {left.line}, or remove it"
                self._note("warning", "unreachable-code", message, statement, hint)
                left = None
            elif isinstance(statement, tree.Label):
                left = None
            self._statement(statement, names)
            if isinstance(statement, _LEAVES):
                left = statement

    def _statement(self, node: tree.Statement, names: Names) -> None:
        match node:
            case tree.Assign():
                self._target(node.target, names, also_read=node.op != "=")
                self._expression(node.value, names)
            case tree.For():
                names.sets.add(node.name)
            case tree.ForEach():
                names.sets.add(node.name)
            case tree.With():
                names.sets.add(node.name)
            case tree.Dim():
                names.sets.add(node.name)
            case tree.Try() if node.name:
                names.sets.add(node.name)
            case tree.Label():
                names.labels.append(node)
            case tree.Goto() | tree.Gosub():
                names.jumps.append((node, node.label, node.spelling))
            case tree.OnError() if node.label:
                names.jumps.append((node, node.label, node.label))
            case tree.CallScript():
                self._called_script(node)
                if node.target is not None:
                    self._target(node.target, names)
            case tree.SetPath():
                if isinstance(node.path, tree.Literal) and isinstance(node.path.value, str):
                    names.sets.add(fold(node.path.value.removeprefix("session.").split(".")[0]))
        for expression in expressions_of(node):
            self._expression(expression, names)
        for body in bodies_of(node):
            self._body(body, names)

    def _target(self, target: tree.Target, names: Names, *, also_read: bool = False) -> None:
        node: tree.Expression = target
        if isinstance(node, tree.Name) and also_read:
            names.read.append(node)
        while not isinstance(node, tree.Name):
            if isinstance(node, tree.Index):
                self._expression(node.index, names)
                node = node.object
            elif isinstance(node, tree.Member):
                node = node.object
            elif isinstance(node, tree.Call) and len(node.arguments) == 1:
                self._expression(node.arguments[0], names)
                node = tree.Name(node.line, node.column, node.name, node.spelling)
            else:
                self._expression(node, names)
                return
        names.sets.add(node.name)

    def _expression(self, root: tree.Expression | tree.Hear, names: Names) -> None:
        waiting: list[tree.Node] = [root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, tree.Name):
                names.read.append(node)
            elif isinstance(node, tree.Call):
                names.called.append(node)
            elif isinstance(node, tree.MethodCall):
                names.methods.append(node)
            elif isinstance(node, tree.Get):
                if node.bare:
                    continue
                self._outside("GET", node.operand, node)
                if isinstance(node.operand, tree.Literal) and isinstance(node.operand.value, str):
                    names.paths.add(fold(node.operand.value.replace("[", ".").split(".")[0]))
            elif isinstance(node, tree.KeywordCall):
                self._keyword(node)
            waiting.extend(children(node))

    # --- judging --------------------------------------------------------------------------------------------

    def _labels(self, names: Names) -> None:
        first: dict[str, tree.Label] = {}
        for label in names.labels:
            if (earlier := first.setdefault(label.name, label)) is not label:
                message = f"The label {label.spelling} stands in line {earlier.line} already"
                self._note("error", "duplicate-label", message, label, "Rename one of them")
        for node, target, spelling in names.jumps:
            if target not in first:
                hint = nearest(spelling, first) or f"A label is a line of its own:  {spelling}:"
                self._note("error", "unknown-label", f"There is no label {spelling[:40]} here", node, hint)

    def _calls(self, names: Names, known: set[str]) -> None:
        procedures = self.script.procedures
        for call in names.called:
            count = len(call.arguments)
            if (procedure := procedures.get(call.name)) is not None:
                if count > len(procedure.parameters):
                    takes = plural(len(procedure.parameters), "value")
                    message = f"{procedure.spelling} takes {takes}, not {count}"
                    hint = f"{procedure.spelling}({', '.join(procedure.parameters)})"
                    self._note("error", "wrong-argument-count", message, call, hint)
                continue
            if count <= 1 and (call.name in known or self._set_by_sibling(call.name)):
                continue
            function = FUNCTIONS.get(call.name)
            if function is None:
                near = nearest(call.spelling, [*FUNCTIONS, *procedures, *(n for n in known if len(n) > 2)])
                advice = f"Define it:  FUNCTION {call.spelling[:40]}(value) … END FUNCTION"
                hint = habits.FUNCTION.get(call.name) or near or advice
                message = f"{call.spelling[:40]} is neither a function nor a procedure of this script"
                self._note("error", "unknown-name", message, call, hint)
            elif not function.low <= count <= function.high:
                message = f"{call.spelling.upper()} takes {_span(function.low, function.high)}, not {count}"
                hint = f"{call.spelling.upper()}({function.parameters})"
                self._note("error", "wrong-argument-count", message, call, hint)

    def _objects(self, names: Names, known: set[str]) -> None:
        for call in names.methods:
            owner = call.object
            if isinstance(owner, tree.Name) and owner.name not in known and owner.name in habits.OBJECT:
                message = f"There is no {owner.spelling}"
                self._note("error", "unknown-name", message, owner, habits.OBJECT[owner.name])

    def _reads(self, scopes: list[Names], known: set[str]) -> None:
        """Warns once a name of what is read and never set, unless somebody else may set it."""
        seen: set[str] = set()
        for scope in scopes:
            for node in scope.read:
                name = node.name
                if name in known or name in seen or name in self.given or self._set_by_sibling(name):
                    continue
                seen.add(name)
                near = nearest(node.spelling, (n for n in known if len(n) > 2))
                meant = f'Set it before, or write "{node.spelling[:40]}" if a text is meant'
                hint = habits.VALUE.get(name) or near or meant
                message = f"{node.spelling[:40]} is read but never set, so it is null"
                self._note("warning", "never-set", message, node, hint)

    def _parameters(self, scopes: list[Names]) -> None:
        used = {node.name for scope in scopes for node in scope.read}
        used |= {call.name for scope in scopes for call in scope.called}
        used |= {path for scope in scopes for path in scope.paths}
        for parameter in self.script.parameters:
            if parameter.name not in used:
                message = f"The parameter {parameter.spelling[:40]} is never used"
                self._note("warning", "unused-parameter", message, parameter, "Use it, or remove its line")

    def _set_by_sibling(self, name: str) -> bool:
        if self.siblings is None:
            return False
        if not hasattr(self, "_elsewhere"):
            self._elsewhere = set[str]()
            for sibling in self.siblings.values():
                if sibling.name != self.script.name:
                    self._elsewhere |= names_set(sibling)
        return name in self._elsewhere

    def _called_script(self, node: tree.CallScript) -> None:
        self.scripts_called = True
        if isinstance(node.script, tree.Literal) and isinstance(node.script.value, str):
            self._need_script(node.script.value, node.script)

    def _need_script(self, written: str, at: tree.Node) -> None:
        if self.siblings is None:
            return
        stem = fold(written.replace("\\", "/").rsplit("/", 1)[-1])
        stem = stem.removesuffix(".bas")
        if stem not in {fold(name) for name in self.siblings}:
            hint = nearest(stem, self.siblings) or f"Make the file {stem[:40]}.bas in the bot's folder"
            self._note("warning", "missing-script", f"The bot has no script {stem[:40]}.bas", at, hint)

    def _unavailable(self, phrase: str, at: tree.Node) -> None:
        """Warns once of what is part of the language and answered by nobody here."""
        if phrase not in self.missing:
            self.missing.add(phrase)
            hint = "A script that reaches it gets an error, which ON ERROR and TRY can catch"
            if isinstance(at, tree.Declaration):
                hint = "Nothing happens because of it until a plugin answers it"
            self._note("warning", "not-available", f"{phrase} is not available in this bot", at, hint)

    def _outside(self, verb: str, address: tree.Expression | None, at: tree.Node) -> bool:
        """Notes what is wrong with an address that is written in the script; whether anything is."""
        text = leading_text(address) if address is not None else None
        if text is None:
            return False
        before = len(self.findings)
        if text.startswith("/") and not self.service_paths:
            entry = catalogue.SERVICE_PATH
            self._note("error", "unsupported-keyword", catalogue.message(entry), at, entry.hint)
        elif verb == "GET" and is_remote(text):
            self._unavailable("GET of a web address", at)
        elif verb == "GET" and isinstance(address, tree.Literal) and is_file(text):
            self._unavailable("GET of a file", at)
        return len(self.findings) > before

    def _keyword(self, node: tree.KeywordCall) -> None:
        argument = node.arguments[0] if node.arguments else None
        if node.keyword.parameters[:1] == ("url",) and self._outside(node.keyword.phrase, argument, node):
            return
        if not node.keyword.available:
            self._unavailable(node.keyword.phrase, node)
        if not isinstance(argument, tree.Literal) or not isinstance(argument.value, str):
            return
        if node.keyword.phrase in _TOOL_KEYWORDS:
            self._need_script(argument.value, argument)
        elif node.keyword.phrase in _COLLECTION_KEYWORDS and self.collections is not None:
            name = argument.value.removesuffix(".gbkb")
            if fold(name) not in self.collections:
                hint = nearest(name, self.collections) or f"Make a folder kb/{name} with documents"
                message = f"The bot has no knowledge base {name[:40]}"
                self._note("warning", "missing-collection", message, argument, hint)


def names_set(script: tree.Script) -> set[str]:
    """The variables that a script or one of its procedures sets."""
    quiet = _Check(script, None, None)
    found = {parameter.name for parameter in script.parameters}
    for body in (script.body, *(procedure.body for procedure in script.procedures.values())):
        found |= quiet._scope(body).sets
    return found


def _span(low: int, high: int) -> str:
    if low == high:
        return plural(low, "value")
    return f"{low} or more values" if high >= 100 else f"{low} to {high} values"
