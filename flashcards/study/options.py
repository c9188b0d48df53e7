"""A learner's options for a deck, and the immutable presets that reviews are made under."""

import hashlib
import json
from functools import lru_cache

from fsrs.scheduler import DEFAULT_PARAMETERS

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from flashcards.study.models import DeckOptions, Preset
from flashcards.study.scheduling import Policy

DEFAULT_POLICY = Policy(
    parameters=tuple(DEFAULT_PARAMETERS),
    desired_retention=0.9,
    learning_steps=(60, 600),
    relearning_steps=(600,),
)


def preset_for(policy: Policy) -> Preset:
    """Return the stored preset with exactly these settings, making it if it is the first of its kind."""
    settings = {
        "parameters": policy.parameters,
        "desired_retention": policy.desired_retention,
        "learning_steps": policy.learning_steps,
        "relearning_steps": policy.relearning_steps,
    }
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).digest()
    # Its key is its content, so that what a process remembers of a preset stays right for ever.
    key = int.from_bytes(digest[:8]) >> 1
    preset, _ = Preset.objects.get_or_create(id=key, defaults=settings)
    return preset


@lru_cache(maxsize=1024)
def policy_of(preset_id: int) -> Policy:
    """Return the policy of a preset; presets never change, so each is read once a process."""
    preset = Preset.objects.get(pk=preset_id)
    return Policy(
        parameters=tuple(preset.parameters),
        desired_retention=preset.desired_retention,
        learning_steps=tuple(preset.learning_steps),
        relearning_steps=tuple(preset.relearning_steps),
    )


def options_for(user: User, deck: Deck) -> DeckOptions:
    """Return what the learner chose for the deck, making the defaults on first use."""
    found = DeckOptions.objects.filter(user=user, deck=deck).first()
    if found is not None:
        return found
    options, _ = DeckOptions.objects.get_or_create(
        user=user, deck=deck, defaults={"preset": preset_for(DEFAULT_POLICY)}
    )
    return options


def default_options(user: User, deck: Deck) -> DeckOptions:
    """Return the learner's options for reading, without storing anything for a deck they never studied."""
    return DeckOptions.objects.filter(user=user, deck=deck).first() or DeckOptions(
        user=user, deck=deck, preset=preset_for(DEFAULT_POLICY)
    )
