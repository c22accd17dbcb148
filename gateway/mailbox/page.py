"""The mailbox as a page: the list of letters, and the one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Final

from ventanilla.gateway.mailbox.steps import Step, steps_of
from ventanilla.gateway.page import escaped
from ventanilla.mail.mailbox import MailboxLetter
from ventanilla.store.manager import Manager

MOST: Final = 50
"""How many letters the list shows."""
_FOLDER: Final = Path(__file__).parent
_NOTHING: Final = """<div class="empty"><p>No letters yet. Ask for one in <a href="/graphiql">GraphiQL</a>, and it is \
here a moment later:</p>
$copied</div>"""
_ASK: Final = """mutation {
  requestSignInCode(input: { email: "$email" }) {
    ticket
    userErrors { message }
  }
}"""
_LETTER: Final = """<article class="letter" aria-labelledby="subject">
<p class="back"><a href="/mailbox">← All letters</a></p>
<h2 id="subject">$subject</h2>
<dl class="head"><div><dt>To</dt><dd>$recipient</dd></div><div><dt>From</dt><dd>$sender</dd></div>
<div><dt>Sent</dt><dd>$time</dd></div></dl>
<iframe class="html" title="The letter as it looks" sandbox srcdoc="$html"></iframe>
$steps
<section aria-labelledby="text"><h3 id="text">As plain text</h3><pre class="text" tabindex="0">$text</pre></section>
</article>"""
_STEPS: Final = """<section class="steps" aria-labelledby="steps"><h3 id="steps">Go on in GraphiQL</h3>
<p>The letter's links lead to the manager's own portal, which is yours to write. What it carries is good in
<a href="/graphiql">GraphiQL</a> as well:</p>
$each</section>"""


def page(
    manager: Manager,
    letters: Sequence[MailboxLetter],
    tag: str,
    *,
    opened: str | None,
    letter: MailboxLetter | None,
    example: str,
) -> str:
    """The whole page. `tag` changes with the list; `opened` is the id that was asked for, and `letter` what it is of.

    `example` is an e-mail that a letter could be sent to.
    """
    theme = manager.presentation.theme
    return Template((_FOLDER / "page.html").read_text("utf-8")).substitute(
        name=escaped(manager.name),
        title=escaped(letter.subject if letter else "Mailbox"),
        primary=escaped(theme.primary),
        on_primary=escaped(theme.on_primary),
        background=escaped(theme.background),
        text=escaped(theme.text),
        accent=escaped(theme.accent),
        state="open" if opened else "list",
        tag=escaped(tag),
        letters=_list(manager, letters, opened) if letters else _nothing(example),
        letter=_letter(manager, letter) if letter else _no_letter(opened, letters),
    )


def _list(manager: Manager, letters: Sequence[MailboxLetter], opened: str | None) -> str:
    return f"<ol>{''.join(_row(manager, each, current=each.id == opened) for each in letters)}</ol>"


def _row(manager: Manager, letter: MailboxLetter, *, current: bool) -> str:
    mark = ' aria-current="page"' if current else ""
    return (
        f'<li><a href="/mailbox/{escaped(letter.id)}"{mark}>'
        f'<span class="subject">{escaped(letter.subject)}</span>'
        f'<span class="to">{escaped(letter.recipient)}</span>{_time(manager, letter)}</a></li>'
    )


def _time(manager: Manager, letter: MailboxLetter) -> str:
    if letter.at is None:
        return ""
    here = letter.at.astimezone(manager.zone)
    return f'<time datetime="{here.isoformat()}">{here:%d %b %Y, %H:%M}</time>'


def _nothing(example: str) -> str:
    return Template(_NOTHING).substitute(copied=_copied("ask", Template(_ASK).substitute(email=example), "document"))


def _no_letter(opened: str | None, letters: Sequence[MailboxLetter]) -> str:
    if opened:
        told = 'This letter is gone: newer ones took its place. <a href="/mailbox">See all letters</a>.'
    else:
        told = "Choose a letter to read it." if letters else ""
    return f'<p class="hint">{told}</p>'


def _letter(manager: Manager, letter: MailboxLetter) -> str:
    return Template(_LETTER).substitute(
        subject=escaped(letter.subject),
        recipient=escaped(letter.recipient),
        sender=escaped(letter.sender),
        time=_time(manager, letter),
        html=escaped(letter.html),
        steps=_steps(steps_of(letter.text)),
        text=escaped(letter.text),
    )


def _steps(steps: Sequence[Step]) -> str:
    each = "".join(_step(number, step) for number, step in enumerate(steps))
    return Template(_STEPS).substitute(each=each) if steps else ""


def _step(number: int, step: Step) -> str:
    value = f"<h4>{escaped(step.name)}</h4>{_copied(f'value-{number}', step.value, step.name.lower())}"
    return value + (_copied(f"document-{number}", step.document, "document") if step.document else "")


def _copied(id: str, text: str, what: str) -> str:
    """A text with the button that copies it."""
    label = f'Copy<span class="sr"> the {escaped(what)}</span>'
    return (
        f'<div class="copied"><pre id="{id}" tabindex="0">{escaped(text)}</pre>'
        f'<button type="button" data-copies="{id}" hidden>{label}</button></div>'
    )
