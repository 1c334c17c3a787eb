//! Colours, marks, dashes and hatching of the series: each tells a series by itself.

/// The colours of Okabe and Ito, which the colour-blind tell apart; the darker ones first.
const COLORS: [&str; 8] =
    ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9", "#F0E442"];

/// Dashes of lines.
const DASHES: [&str; 8] = ["", "8 4", "2 3", "8 3 2 3", "14 4", "4 2", "10 3 2 3 2 3", "1 4"];

/// Series that a picture can tell apart.
pub const MOST_SERIES: usize = 2 * COLORS.len();

/// The colour of a series.
#[must_use]
pub fn color(series: usize) -> &'static str {
    COLORS[series % COLORS.len()]
}

/// The edge of a series' lines and marks: that of the yellow one is dark, to be seen on white.
#[must_use]
pub fn edge(series: usize) -> Option<&'static str> {
    (series % COLORS.len() == COLORS.len() - 1).then_some("#665c00")
}

/// The dashes of a series' line. The second time round the same colours have other dashes.
#[must_use]
pub fn dash(series: usize) -> &'static str {
    DASHES[turned(series)]
}

/// The number of the mark or the hatching of a series.
#[must_use]
pub fn turned(series: usize) -> usize {
    (series + 3 * (series / COLORS.len())) % COLORS.len()
}

/// The name of the pattern that fills the areas of a series.
#[must_use]
pub fn fill(series: usize) -> String {
    match turned(series) {
        0 => color(series).to_owned(),
        _ => format!("url(#s{series})"),
    }
}

/// The definition of that pattern: the colour with light hatching. The first is plain.
#[must_use]
pub fn pattern(series: usize) -> Option<String> {
    let lines = match turned(series) {
        0 => return None,
        1 => "M0 10L10 0M-2 2L2 -2M8 12L12 8",
        2 => "M0 0L10 10M-2 8L2 12M8 -2L12 2",
        3 => "M0 5H10",
        4 => "M5 0V10",
        5 => "M0 5H10M5 0V10",
        6 => "M4 4H6M0 0H1M9 0H10M0 9H1M9 9H10",
        _ => "M0 0L10 10M0 10L10 0",
    };
    // yellow and sky blue are too light for white
    let ink = if matches!(series % COLORS.len(), 5..=7) { "#444" } else { "#fff" };
    Some(format!(
        "<pattern id=\"s{series}\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\">\
         <rect width=\"10\" height=\"10\" fill=\"{}\"/>\
         <path d=\"{lines}\" stroke=\"{ink}\" stroke-width=\"1.6\" fill=\"none\"/></pattern>",
        color(series)
    ))
}

/// The colour of a field of a heat map, from light to dark blue, and that of the text in it.
#[must_use]
pub fn shade(part: f64) -> (String, &'static str) {
    const LIGHT: [f64; 3] = [240.0, 246.0, 252.0];
    const DARK: [f64; 3] = [0.0, 68.0, 120.0];
    let mix = |i: usize| (LIGHT[i] + (DARK[i] - LIGHT[i]) * part).round() as u8;
    let ink = if part > 0.5 { "#fff" } else { "#222" };
    (format!("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2)), ink)
}
