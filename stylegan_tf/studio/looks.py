"""How the Studio looks: theme, style sheet, keys, small pieces of HTML."""

import html

import gradio

from stylegan_tf import terminal

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "monospace")
_CURVE = (300, 48)  # pixels of the curve of distances


def theme():
    """Quiet greys and one colour; no font is fetched."""
    return gradio.themes.Base(
        primary_hue="teal",
        neutral_hue="slate",
        font=_SANS,
        font_mono=_MONO,
        radius_size="lg",
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_shadow="none",
        block_border_width="0px",
        block_label_background_fill="*background_fill_primary",
    )


def header(network):
    """HTML of what the network is.

    Args:
        network: A `making.Network`.
    """
    generator = network.one
    height, width, _ = generator.image_shape
    facts = [f"{width}×{height} pixels"]
    if generator.images_seen:
        kimg = generator.images_seen / 1000
        facts.append(f"after {kimg:,.0f} thousand images")
    if count := generator.config.label_size:
        facts.append(f"{count} classes")
    if count := len(network.directions):
        facts.append(terminal.counted(count, "direction"))
    return (
        f'<header class="studio"><h1>{html.escape(network.name)}</h1>'
        f"<p>{html.escape(' · '.join(facts))}</p></header>"
    )


def frame(content, shape, caption):
    """HTML of a picture or a film, all of one size on the page.

    Args:
        content: HTML of it.
        shape: Of the network's pictures, `[H, W, C]`.
        caption: Below it.
    """
    height, width, _ = shape
    return (
        f'<figure class="made" style="--made-width: {width}; '
        f'--made-height: {height}">{content}'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def blank(text, shape):
    """HTML in the place of a picture that is yet to come."""
    return frame('<div class="hole"></div>', shape, text)


def progress(step, steps, distances):
    """HTML of how far a projection is, and how its distance falls.

    Args:
        step: How many are done.
        steps: Of how many.
        distances: Measured until now.
    """
    said = f"Step {step} of {steps}"
    if distances:
        said += f" · distance {distances[-1]:.3f}"
    return (
        f'<div class="progress" role="status"><p>{said}</p>'
        f'<progress value="{step}" max="{steps}">{said}</progress>'
        f"{_curve(distances, step / steps)}</div>"
    )


def _curve(values, share):
    """An SVG line through values, over a share of its width."""
    if len(values) < 2:
        return ""
    width, height = _CURVE
    top = max(values) or 1.0
    points = " ".join(
        f"{share * width * index / (len(values) - 1):.1f},"
        f"{(height - 2) * (1 - value / top) + 1:.1f}"
        for index, value in enumerate(values)
    )
    return (
        f'<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none" '
        f'aria-hidden="true"><polyline points="{points}"/></svg>'
    )


HEAD = """<script>
// R draws another seed, as the tab's own button does.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=range],[type=checkbox]),"
    + "textarea,[contenteditable]");
  const held = event.ctrlKey || event.metaKey || event.altKey;
  if (event.key.toLowerCase() !== "r" || typing || held) return;
  const buttons = [...document.querySelectorAll("button.random")];
  buttons.find((each) => each.offsetParent)?.click();
});
</script>"""

CSS = """
.gradio-container { overflow: clip !important; }
.gradio-container main { width: 100%; max-width: 1120px !important;
  margin: 0 auto !important; }
header.studio { display: flex; flex-wrap: wrap; align-items: baseline;
  gap: 0 .8rem; padding: .2rem .1rem; }
header.studio h1 { font-size: 1.35rem; font-weight: 650; margin: 0; }
header.studio p { margin: 0; color: var(--body-text-color-subdued); }
figure.made { margin: 0; text-align: center; }
figure.made { --made-width: 64; --made-height: 64; --made-tall: 66vh; }
figure.made img, figure.made video, figure.made .hole { display: block;
  margin: 0 auto;
  width: min(100%, 10px * var(--made-width),
    var(--made-tall) * var(--made-width) / var(--made-height));
  border-radius: var(--radius-lg); }
figure.made .hole { box-sizing: border-box;
  aspect-ratio: var(--made-width) / var(--made-height);
  background: var(--block-background-fill);
  border: 1px dashed var(--border-color-primary); }
figure.made figcaption { margin-top: .35rem; font-size: .85rem;
  color: var(--body-text-color-subdued); }
.seed { align-items: end; flex-wrap: nowrap !important; gap: 0 !important;
  background: var(--block-background-fill);
  border-radius: var(--block-radius); }
.seed button { flex: 0 0 auto; margin: 0 .75rem .8rem 0; }
.pair { flex-wrap: nowrap !important; }
.pair > * { min-width: 0 !important; }
#progress { min-height: 3rem; }
#progress .wrap { height: 3rem; }
.progress p { margin: .2rem 0; font-variant-numeric: tabular-nums; }
.progress progress { appearance: none; display: block; width: 100%;
  height: .4rem; border: 0; border-radius: 1rem; overflow: hidden;
  background: var(--border-color-primary); }
.progress progress::-webkit-progress-bar { background: none; }
.progress progress::-webkit-progress-value { background: var(--color-accent); }
.progress progress::-moz-progress-bar { background: var(--color-accent); }
.progress svg { width: 100%; height: 48px; margin-top: .4rem; }
.progress polyline { fill: none; stroke: var(--color-accent);
  stroke-width: 1.5; vector-effect: non-scaling-stroke; }
#first-sight { position: absolute; z-index: 9; inset: 0 0 auto;
  box-sizing: border-box; width: 100%; max-width: 1120px; margin: 0 auto;
  padding: 1.25rem 0 0; font-family: system-ui, sans-serif;
  pointer-events: none; }
#first-sight header { padding: 1.1rem .85rem 0; }
#first-sight figure { padding: 4.2rem .75rem 0; max-width: 654px; }
#first-sight figcaption { opacity: .6; }
.from-zero { --slider-zero: 50%; }
.from-zero.psi { --slider-zero: 40%; }
.from-zero input {
  --slider-from: min(var(--slider-zero), var(--range_progress, 50%));
  --slider-to: max(var(--slider-zero), var(--range_progress, 50%));
  --slider-fill: linear-gradient(to right,
    var(--neutral-200) var(--slider-from),
    var(--slider-color) var(--slider-from) var(--slider-to),
    var(--neutral-200) var(--slider-to)); }
.from-zero input::-webkit-slider-runnable-track {
  background: var(--slider-fill) !important; }
.from-zero input::-moz-range-track {
  background: var(--slider-fill) !important; }
.from-zero input::-moz-range-progress { background: none !important; }
.away { display: none !important; }
@media (max-width: 640px) {
  .gradio-container main { padding: .6rem !important; }
  .stage { gap: .6rem; }
  .stage > .shown { position: sticky; top: 0; z-index: 60;
    background: var(--body-background-fill); padding-bottom: .3rem; }
  .shown figure.made { --made-tall: 32vh; }
}
"""
