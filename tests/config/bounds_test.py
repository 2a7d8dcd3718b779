"""Bounds of fields: what each type of a config takes, and says otherwise."""

import dataclasses
import math
import typing
from typing import Annotated, Literal

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib


def _kinds(cls, prefix=""):
    """Pairs (dotted name, annotation) of all fields, nested ones too."""
    for name, kind in typing.get_type_hints(cls, include_extras=True).items():
        if dataclasses.is_dataclass(kind):
            yield from _kinds(kind, f"{prefix}{name}.")
        else:
            yield prefix + name, kind


def _example(name, value):
    """Nested dict of one field."""
    *groups, leaf = name.split(".")
    values = {leaf: value}
    for group in reversed(groups):
        values = {group: values}
    return values


_NUMBERS = [
    name
    for name, kind in _kinds(config_lib.Config)
    if typing.get_origin(kind) is Annotated and kind.__origin__ is float
]


class FieldsTest(tf.test.TestCase, parameterized.TestCase):
    def test_every_number_and_every_tuple_carries_its_bounds(self):
        without = [
            name
            for name, kind in _kinds(config_lib.Config)
            if kind not in (bool, str)
            and typing.get_origin(kind) not in (Annotated, Literal)
        ]
        self.assertEmpty(without)

    @parameterized.product(name=_NUMBERS, value=(math.nan, math.inf, -math.inf))
    def test_no_number_may_be_nan_or_infinite(self, name, value):
        config = config_lib.from_dict(_example(name, value))
        with self.assertRaisesRegex(ValueError, f"`{name}` must be a number"):
            config_lib.resolve(config)

    @parameterized.parameters(
        ("training.adam_beta2", 1, "from 0 to below 1. Received: adam_beta2=1"),
        ("training.ema_half_life_kimg", -1.0, "a number from 0"),
        ("training.total_kimg", 1e7, "above 0 to 9,000,000"),
        ("training.seed", 2**32, "from 0 to 4,294,967,295"),
        ("training.batch_size", 8.5, "a whole number from 1"),
        ("training.batch_size", True, "Received: batch_size=True"),
        ("training.sample_grid", (2,), "2 whole numbers from 1"),
        ("training.precision", "bf16", "Did you mean `bfloat16`"),
        ("data.mirror", 1, "True or False"),
        ("data.path", None, "a text"),
        ("base_shape", (0, 0), "2 whole numbers from 1"),
        ("generator.z_size", 0, "from 1. Received: z_size=0"),
        ("generator.channel_max", 0, "from 1. Received: channel_max=0"),
        ("generator.resample_filter", (), "whose sum is not 0. Rec"),
        ("generator.blur_filter", (1, -1), "whose sum is not 0, or ()"),
        ("generator.channel_table", "4:0.5", "whole number from 1"),
        ("growing.batch_sizes", "4", 'a table such as "8:256 16:128"'),
        ("growing.batch_sizes", "4:1.5", "with a whole number from 1"),
        ("growing.learning_rates", "4:nan", "with a number from 0"),
        ("growing.tick_kimg", "4:0", "with a number above 0"),
    )
    def test_what_is_out_of_bounds_is_refused(self, name, value, message):
        config = config_lib.from_dict(_example(name, value))
        with self.assertRaisesRegex(
            ValueError, f"`{name}` must be .*{message}"
        ):
            config_lib.resolve(config)

    @parameterized.parameters(
        ("training.ema_half_life_kimg", 0),
        ("training.total_kimg", 0.001),
        ("training.sample_truncation_psi", -1.0),
        ("generator.blur_filter", ()),
        ("generator.w_avg_decay", 1),
        ("growing.images_at_once", "4:0"),
    )
    def test_what_is_within_is_taken(self, name, value):
        config_lib.resolve(config_lib.from_dict(_example(name, value)))

    def test_every_default_is_of_its_type_which_flags_go_by(self):
        defaults = config_lib.flatten(config_lib.Config())
        for name, kind in _kinds(config_lib.Config):
            if typing.get_origin(kind) is Annotated:
                kind = kind.__origin__
            kind = typing.get_origin(kind) or kind
            kind = str if kind is typing.Literal else kind
            self.assertIs(type(defaults[name]), kind, name)


if __name__ == "__main__":
    tf.test.main()
