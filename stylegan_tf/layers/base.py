"""A Keras layer that can be made anew from its constructor's arguments."""

import inspect

import keras


class Layer(keras.layers.Layer):
    """A layer that has every argument of its constructor as an attribute."""

    def get_config(self):
        names = {
            name
            for kind in type(self).__mro__[: type(self).__mro__.index(Layer)]
            for name in inspect.signature(kind.__init__).parameters
            if name not in ("self", "kwargs")
        }
        own = {name: getattr(self, name) for name in sorted(names)}
        return {**super().get_config(), **own}
