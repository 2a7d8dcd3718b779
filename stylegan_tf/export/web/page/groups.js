// Coarse, middle and fine layers: up to 8 x 8 pixels, up to 32 x 32, the
// rest, as arXiv 1812.04948, figure 3, has them; sooner in small networks.

// [{name, layers}], without empty groups, and without layers that the network
// has not grown to: they have no resolution.
export function groupsOf(resolutions) {
  const grown = resolutions.filter(Boolean);
  const largest = Math.max(...grown);
  const coarse = Math.max(Math.min(8, largest / 4), Math.min(...grown));
  const fine = Math.min(64, largest);
  const nameOf = (resolution) => {
    if (!resolution) return null;
    if (resolution <= coarse) return "Coarse";
    return resolution < fine ? "Middle" : "Fine";
  };
  return ["Coarse", "Middle", "Fine"]
    .map((name) => ({
      name,
      layers: resolutions.flatMap((resolution, layer) =>
        nameOf(resolution) === name ? [layer] : [],
      ),
    }))
    .filter(({ layers }) => layers.length);
}
