"""What a drawing may be made of: the elements, attributes, properties and functions of SVG and CSS that only draw."""

from typing import Final

TEXTS: Final = frozenset({"text", "tspan", "textPath", "title", "desc"})
"""Elements whose words stay."""

ELEMENTS: Final = TEXTS | {
    "a", "circle", "clipPath", "defs", "ellipse", "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite",
    "feConvolveMatrix", "feDiffuseLighting", "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood",
    "feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode", "feMorphology",
    "feOffset", "fePointLight", "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence", "filter", "g",
    "line", "linearGradient", "marker", "mask", "path", "pattern", "polygon", "polyline", "radialGradient", "rect",
    "stop", "style", "svg", "switch", "symbol", "use",
}  # fmt: skip

ATTRIBUTES: Final = frozenset({
    "amplitude", "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "azimuth", "baseFrequency",
    "bias", "clipPathUnits", "cx", "cy", "d", "diffuseConstant", "divisor", "dx", "dy", "edgeMode", "elevation",
    "exponent", "fr", "fx", "fy", "gradientTransform", "gradientUnits", "height", "in", "in2", "intercept", "k1",
    "k2", "k3", "k4", "kernelMatrix", "kernelUnitLength", "lang", "lengthAdjust", "limitingConeAngle",
    "markerHeight", "markerUnits", "markerWidth", "maskContentUnits", "maskUnits", "method", "mode", "numOctaves",
    "offset", "operator", "order", "orient", "pathLength", "patternContentUnits", "patternTransform",
    "patternUnits", "points", "pointsAtX", "pointsAtY", "pointsAtZ", "preserveAlpha", "preserveAspectRatio",
    "primitiveUnits", "r", "radius", "refX", "refY", "requiredFeatures", "result", "role", "rotate", "rx", "ry",
    "scale", "seed", "side", "slope", "spacing", "specularConstant", "specularExponent", "spreadMethod",
    "startOffset", "stdDeviation", "stitchTiles", "surfaceScale", "systemLanguage", "tableValues", "targetX",
    "targetY", "textLength", "type", "values", "version", "viewBox", "width", "x", "x1", "x2", "xChannelSelector",
    "y", "y1", "y2", "yChannelSelector", "z", "zoomAndPan",
})  # fmt: skip

PROPERTIES: Final = frozenset({
    "alignment-baseline", "baseline-shift", "clip-path", "clip-rule", "color", "color-interpolation",
    "color-interpolation-filters", "direction", "display", "dominant-baseline", "fill", "fill-opacity",
    "fill-rule", "filter", "flood-color", "flood-opacity", "font", "font-family", "font-size", "font-size-adjust",
    "font-stretch", "font-style", "font-variant", "font-weight", "glyph-orientation-vertical", "image-rendering",
    "isolation", "letter-spacing", "lighting-color", "line-height", "marker", "marker-end", "marker-mid",
    "marker-start", "mask", "mask-type", "mix-blend-mode", "opacity", "overflow", "paint-order", "shape-rendering",
    "stop-color", "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-align", "text-anchor",
    "text-decoration", "text-rendering", "transform", "transform-box", "transform-origin", "unicode-bidi",
    "vector-effect", "visibility", "white-space", "word-spacing", "writing-mode",
})  # fmt: skip
"""What may be set in a style, or as an attribute of its own."""

FUNCTIONS: Final = frozenset({
    "", "blur", "brightness", "calc", "circle", "color", "color-mix", "contrast", "drop-shadow", "ellipse",
    "grayscale", "hsl", "hsla", "hue-rotate", "inset", "invert", "lab", "lch", "light-dark", "matrix", "matrix3d",
    "max", "min", "oklab", "oklch", "opacity", "polygon", "rgb", "rgba", "rotate", "saturate", "scale", "scalex",
    "scaley", "sepia", "skewx", "skewy", "translate", "translatex", "translatey", "var",
})  # fmt: skip
"""What may stand before a bracket in a value; nothing at all, too."""

SELECTORS: Final = frozenset({
    "has", "is", "lang", "not", "nth-child", "nth-last-child", "nth-last-of-type", "nth-of-type", "where",
})  # fmt: skip
"""What may stand before a bracket in a selector."""
