"""Finds directions in W along which something of the images changes.

python -m tools.directions --network=runs/faces --output=faces.npz
    --picture=faces.png
python -m tools.directions --network=runs/faces --method=sefa --layers=0-3
    --output=coarse.npz
python -m tools.directions --network=runs/faces --table
python -m tools.generate --network=runs/faces --directions=faces.npz
    --direction=glasses:2.5 --output=out/

supervised  normals of planes that part images with an attribute from those
            without, as classifiers see them (InterFaceGAN); by default those
            that ship with the project, which know small cartoon faces.
            --classifiers=DIR: those of tools.train_classifier or the paper's.
            --dataset=DIR: a data set's labels, by linear probes of features.
            Each is made orthogonal to the normals of all others, see
            --orthogonal_to
sefa        what style layers feel most: closed-form factorisation of their
            weights (SeFa); needs no images
pca         principal components of w (GANSpace); needs no images

With --source=FILE,... directions that were found are shown, measured, or made
orthogonal to the normals of all others. --table measures what each direction
changes.
"""

from absl import flags

from stylegan_tf import quiet
from stylegan_tf.command_line import points, tool, values
from stylegan_tf.command_line.directions import asked, finding, reporting

_POINTS = points.define(seeds="0-1")
_METHOD = flags.DEFINE_enum(
    "method", None, ["supervised", "sefa", "pca"], "How; by default supervised."
)
flags.DEFINE_list("source", [], "Files of directions, to take those.")
flags.DEFINE_string("layers", None, "Which they move: 0-3; all.")
flags.DEFINE_integer(
    "count", 10, "sefa, pca: how many directions.", lower_bound=1
)
flags.DEFINE_string(
    "attributes",
    "",
    "Which, and what to call them: glasses,beard=facial_hair; of --dataset "
    "also hair=hair_length:2|3. All by default.",
)
flags.DEFINE_string("classifiers", "", "Folder of attribute classifiers.")
flags.DEFINE_string("dataset", None, "Labelled images in place of classifiers.")
flags.DEFINE_string(
    "features", "auto", "Features for --dataset, as of tools.evaluate."
)
flags.DEFINE_enum(
    "fit",
    "ridge",
    ["ridge", "svm"],
    "supervised: how planes are fitted, by least squares to all scores, or "
    "between the highest and the lowest as the article has it (scikit-learn).",
)
flags.DEFINE_list(
    "given",
    [],
    "supervised: fitted to images that have, or lack, other attributes: "
    "long_hair,-glasses.",
)
_ORTHOGONAL = flags.DEFINE_list(
    "orthogonal_to",
    [],
    "Names, all or none: to whose normals, as they were found, each direction "
    "is made orthogonal. By default all where they are supervised.",
)
flags.DEFINE_float(
    "damping",
    1.0,
    "--fit=ridge: how much planes keep to where w varies; 0: not at all.",
    lower_bound=0,
)
_IMAGES = flags.DEFINE_integer(
    "images", 5_000, "How many samples of w to look at.", lower_bound=16
)
values.define_seed()
_TABLE = flags.DEFINE_bool(
    "table", False, "Measure what they change; alone, compare all methods."
)
flags.DEFINE_integer(
    "measured", 256, "--table: on how many images.", lower_bound=2
)
flags.DEFINE_float("amount", 2.0, "--table: how far to both sides, in spreads.")
flags.DEFINE_list(
    "amounts", "-3,-2,-1,0,1,2,3", "--picture: of its columns, in spreads."
)
flags.DEFINE_string(
    "picture", None, "File, *.png or *.pdf: strips of --seeds, or of --ws."
)
flags.DEFINE_list("names", [], "--picture: which; by default the first four.")
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be made.")
flags.DEFINE_string("output", None, "File of directions, *.npz.")


def main():
    """Finds or reads directions; writes, draws and measures them."""
    given = flags.FLAGS
    asked.refuse_odd(_POINTS, given)
    quiet.import_tensorflow()
    generator = _POINTS.open(takes_all_classes=True)
    layers = asked.layers(given, generator.ws_shape[0])
    known, scorer = finding.read(given, generator), finding.scorer(given)
    asked.refuse_unknown(given, known, scorer)
    if _DRY_RUN.value:
        print(f"{reporting.plan(given, scorer)} of {generator.path}")
        return
    w = None
    if not known or _ORTHOGONAL.value:
        w = finding.styles(given, generator, _IMAGES.value, purpose=0)[:, 0]
    if asked.compares(given):
        groups = finding.all_methods(given, generator, scorer, w, layers)
    else:
        found = known or finding.found(given, generator, scorer, w, layers)
        found = finding.made_orthogonal(given, found, w)
        groups = {_METHOD.value or "directions": found}
        reporting.write(_POINTS, given, generator, scorer, found)
    if _TABLE.value:
        reporting.print_table(given, generator, scorer, groups)


if __name__ == "__main__":
    tool.run(main)
