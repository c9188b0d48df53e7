"""Small decks for the browser: one of cards that are only turned over, one of cards that ask for an answer."""

TURNED = """---
deck: turned
title: Turned over
---
""" + "".join(
    f"\n# Topic {topic} {{#topic-{topic}}}\n"
    + "".join(
        f"\n## note-{topic}-{number}\n\nWhat is $x_{{{topic}{number}}}^2$?\n\n---\n\n$x \\cdot x$\n\n---\n\nBecause.\n"
        for number in range(1, 9)
    )
    for topic in range(1, 4)
)

ASKING = """---
deck: asking
title: Asking
---

# Everything {#everything}

## one-of-three
kind: choice

Which of these is an optimiser?

---

- [x] Adam
- [ ] dropout
  slip: takes regularisation for optimisation
  why: Dropout changes the network, not the step.
- [ ] softmax

---

Adam steps by running averages of gradients.

## two-of-four
kind: choice

Which of these have *gates*? Choose all.

---

- [x] an LSTM
- [x] a GRU
- [ ] a plain RNN
- [ ] $\\max(0, z)$

## sum-of-numbers
kind: numeric

What is ${{a}} + {{b}}$?

---

a = 10 to 99
b = 10 to 99
answer: a + b
slip: took the difference = abs(a - b)
  The difference of {{a}} and {{b}} was not asked for.

---

$${{a}} + {{b}} = {{answer}}$$

## name-of-rate
kind: typed

What sets the size of a step? Type its name.

---

learning rate
step size
! momentum: It averages.

## parts-of-picture
kind: occlusion

What is hidden?

---

![Cards that lie on each other](/static/icons/icon.svg)
1: 10 10 30 30 = the first
2: 60 60 30 30 = the second
"""

DECKS = {"turned.md": TURNED, "asking.md": ASKING}
