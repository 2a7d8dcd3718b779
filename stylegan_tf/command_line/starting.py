"""Says what a run takes over from the networks that it starts from."""

from stylegan_tf import checkpoint
from stylegan_tf.command_line import configs
from stylegan_tf.networks import build
from stylegan_tf.training import devices, freezing, inputs


def with_data(config):
    """What a dry run learns of the data, if they are named and there.

    Returns:
        The config with the labels that they tell, and a line if training
        would refuse them, else "".
    """
    needs_labels = config.data.uses_labels and not config.label_size
    if "data.path" not in configs.typed() and not needs_labels:
        return config, ""
    try:
        return inputs.open_data(config)[1], ""
    except FileNotFoundError as error:
        if needs_labels:
            raise ValueError(
                f"{error} A dry run without it needs --config.label_size=N, "
                "the number of classes."
            ) from error
        return config, ""
    except ValueError as error:
        if needs_labels:
            raise  # nobody else tells how many there are
        return config, f"training would refuse the data: {error}"


def copied(config, source):
    """What a run of this config would copy from `source`: a dict, and lines.

    Raises:
        ValueError: If next to nothing fits, or if layers would be frozen that
            have learned nothing.
    """
    config = devices.resolve(config)
    networks = {
        "generator": build.generator(config),
        "discriminator": build.discriminator(config),
    }
    made = checkpoint.initialize(networks, source, config)
    freezing.refuse_new(made, networks["discriminator"], config)
    told = {name: each.as_dict() for name, each in made.items()}
    lines = [f"{name}: {each.text()}" for name, each in made.items()]
    if frozen := freezing.describe(networks["discriminator"], config):
        lines.append(frozen)
    if "discriminator" not in made:
        lines.append("discriminator: there is none, it starts untrained")
    return {"source": str(source), **told}, [f"From {source}", *lines]
