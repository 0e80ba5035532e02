//! Charts as PNG: the right size, the same bytes, and letters that are really drawn.

use crate::sample;
use bgsim::report::png::png;
use resvg::tiny_skia::Pixmap;

fn chart() -> String {
    sample::comparison().charts[0].1.svg()
}

/// The share of pixels darker than half grey within these corners, in pixels of the SVG.
fn dark(picture: &Pixmap, (left, top): (u32, u32), (right, bottom): (u32, u32)) -> f64 {
    let places = (2 * top..2 * bottom).flat_map(|y| (2 * left..2 * right).map(move |x| (x, y)));
    let is_dark = places.map(|(x, y)| picture.pixel(x, y).unwrap().red() < 128);
    is_dark.clone().filter(|is_dark| *is_dark).count() as f64 / is_dark.count() as f64
}

#[test]
fn a_chart_is_drawn_at_twice_its_size_on_white() {
    let picture = Pixmap::decode_png(&png(&chart()).unwrap()).unwrap();
    assert_eq!((picture.width(), picture.height()), (1920, 1040));
    assert!(picture.pixels().iter().all(|pixel| pixel.alpha() == 255));
    // The dark style of the SVG is left out.
    let corner = picture.pixel(2, 2).unwrap();
    assert_eq!((corner.red(), corner.green(), corner.blue()), (255, 255, 255));
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    assert!(png(&chart()).unwrap() == png(&chart()).unwrap());
}

#[test]
fn letters_are_drawn_and_bold_ones_are_heavier() {
    let picture = Pixmap::decode_png(&png(&chart()).unwrap()).unwrap();
    // Title, bold: "When is new mail told?"; subtitle.
    assert!((0.12..0.4).contains(&dark(&picture, (24, 22), (240, 39))));
    assert!((0.04..0.3).contains(&dark(&picture, (24, 52), (500, 63))));
    // Nothing is to the right of the title.
    assert_eq!(dark(&picture, (700, 22), (950, 39)), 0.0);

    let letters = |weight: &str| {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"40\">\
             <rect width=\"300\" height=\"40\" fill=\"#FFFFFF\"/>\
             <text x=\"5\" y=\"30\" font-size=\"24\" font-weight=\"{weight}\" \
             font-family=\"Inter, system-ui, sans-serif\">− × ± ≤ ≥ → ↑ ← … · ÷ Łß</text></svg>"
        );
        dark(&Pixmap::decode_png(&png(&svg).unwrap()).unwrap(), (0, 0), (300, 40))
    };
    assert!(letters("normal") > 0.02 && letters("bold") > 1.2 * letters("normal"));
}

#[test]
fn what_is_no_picture_is_refused() {
    for text in [
        "",
        "no picture",
        "<svg",
        "</style><style>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"0\"/>",
    ] {
        assert!(png(text).is_err(), "{text}");
    }
    let vast = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9000000\" height=\"9000000\"/>";
    assert!(png(vast).is_err());
}

/// Names come from scenarios, and nobody has drawn every letter.
#[test]
fn letters_that_the_font_lacks_do_no_harm() {
    assert!(png(&sample::hostile().charts[0].1.svg()).is_ok());
    assert!(png(&chart().replace("Device keychain", "设备 🔑 مفتاح")).is_ok());
}
