"""The config of an experiment: its fields, what follows from them, JSON."""

from stylegan_tf.config.dictionaries import (
    changed,
    flatten,
    from_dict,
    from_file,
    to_dict,
    to_json,
)
from stylegan_tf.config.fields import (
    PROGRESSIVE,
    Config,
    DataConfig,
    DiscriminatorConfig,
    GeneratorConfig,
    GrowingConfig,
    LossConfig,
    MetricsConfig,
    TrainingConfig,
    channels,
    resolutions,
)
from stylegan_tf.config.resolve import resolve
