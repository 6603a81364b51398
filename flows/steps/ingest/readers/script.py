"""Recognises scripts that read or process data by their first statement: many exports come with a syntax file."""

import re

# What may precede the first statement: comments of all these languages, and the docstring of a Python module.
_REMARKS = re.compile(r"(?>\s+|#[^\n]*|//[^\n]*|--[^\n]*|\*[^\n]*|/\*.*?\*/|\"\"\".*?\"\"\"|<#.*?#>)*+", re.DOTALL)
# None may match a row of headings, such as "Function (role)", "Class of the boat:" or "Select … from".
_STATEMENTS = (
    # Python
    r"import [\w.]+(?: as \w+)?\s*$",
    r"from [\w.]+ import \S",
    r"(?:async )?def \w+\(",
    r"class [A-Z]\w*(?:\(.*\))?:\s*$",
    # R
    r"[\w.$]+(?:\[[^\]\n]*\])?\s*<-\s*\S",
    r"(?:library|require|source|setwd|options|install\.packages|rm)\([^()]*\)\s*$",
    # JavaScript
    r"[\"']use strict[\"'];?\s*$",
    r"(?:export )?(?:const|let|var) [\w${\[].*=",
    r"(?:export )?(?:async )?function(?: [\w$]+)?\(.*\{",
    r"import .*\bfrom [\"']",
    r"import [\"']",
    r"module\.exports",
    r"\(function ?\(|\(\(.*\)\s*=>|\$\(",
    # SPSS and Stata
    r"(?i:get\s+(?:data|file)\b\s*(?:[/=].*)?$)",
    r"(?i:data\s+list\s+\w+)",
    r"(?i:(?:set|show|preserve)\s+(?:locale|unicode)\b)",
    r"(?i:variable\s+labels\s+\w+\s+[\"'])",
    r"(?i:value\s+labels\s+\w+\s*(?:[\"'\d].*)?$)",
    r"(?i:recode\s+\w+.*\(.*=)",
    r"(?i:compute\s+\w+\s*=)",
    r"(?i:execute\.|dataset\s+(?:name|activate)\s)",
    r"(?i:insheet\s+using\s|import\s+delimited\s)",
    # SQL and shells
    r"(?i:create\s+(?:or\s+replace\s+)?(?:table|view)\s+[\w.]+\s+(?:as\b|\())",
    r"(?i:@echo\s+off)",
)
_STATEMENT = re.compile("|".join(_STATEMENTS))
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\s*=\s*\S")


def is_script(text: str) -> bool:
    """Whether a text begins with a shebang line, or after comments with a statement of one of these languages."""
    remarks = _REMARKS.match(text)
    lines = text[remarks.end() if remarks else 0 :].splitlines()
    if text.startswith("#!") or (lines and _STATEMENT.match(lines[0])):
        return True
    # An assignment alone may be a heading ("A = yes") or a setting; with a statement below it, it is a script.
    return bool(lines and _ASSIGNMENT.match(lines[0])) and any(map(_STATEMENT.match, lines))
