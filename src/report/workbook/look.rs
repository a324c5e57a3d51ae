//! What cells look like. Colour never says anything alone: what is red also has a note and stands in
//! `_errors`.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Note};

/// The formats of cells.
pub(super) struct Look {
    /// The name of a column.
    pub header: Format,
    /// The name of a column that is always mandatory.
    pub mandatory: Format,
    /// The name of one of our own columns.
    pub own_header: Format,
    /// A cell of one of our own columns.
    pub own: Format,
    /// A cell of a record: text, whatever is typed into it.
    pub text: Format,
    /// A cell with an error.
    pub bad: Format,
    /// A cell with a warning.
    pub warned: Format,
    /// A line of explanation.
    pub lead: Format,
    /// A cell of the codes sheet.
    pub wrapped: Format,
    /// A code on the codes sheet.
    pub code: Format,
}

/// A font that every spreadsheet has, or one as wide.
const FONT: &str = "Arial";

/// The format of text: a spreadsheet keeps what is typed.
const TEXT: &str = "@";

impl Look {
    pub fn new() -> Self {
        let base = || Format::new().set_font_name(FONT).set_font_size(10).set_align(FormatAlign::Top);
        let line = |format: Format, colour: u32| {
            format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(colour))
        };
        let header = || {
            line(base(), 0xB8_C4_D6)
                .set_num_format(TEXT)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xDD_E5_F0))
                .set_font_color(Color::RGB(0x1F_2A_44))
        };
        Self {
            header: header(),
            mandatory: header()
                .set_bold()
                .set_background_color(Color::RGB(0x1F_3A_68))
                .set_font_color(Color::White),
            own_header: header()
                .set_background_color(Color::RGB(0xD9_D9_D9))
                .set_font_color(Color::RGB(0x40_40_40)),
            own: line(base(), 0xD0_D0_D0)
                .set_num_format(TEXT)
                .set_background_color(Color::RGB(0xF2_F2_F2))
                .set_font_color(Color::RGB(0x50_50_50)),
            text: base().set_num_format(TEXT),
            bad: line(base(), 0xC0_00_00)
                .set_num_format(TEXT)
                .set_background_color(Color::RGB(0xFF_C7_CE))
                .set_font_color(Color::RGB(0x8A_00_06)),
            warned: line(base(), 0xC0_90_00)
                .set_num_format(TEXT)
                .set_background_color(Color::RGB(0xFF_EB_9C))
                .set_font_color(Color::RGB(0x70_40_00)),
            lead: base().set_text_wrap().set_font_color(Color::RGB(0x40_40_40)),
            wrapped: line(base(), 0xD0_D0_D0).set_text_wrap(),
            code: line(base(), 0xD0_D0_D0).set_bold().set_num_format(TEXT),
        }
    }
}

/// The width of a note, in pixels, and how many characters a line of it holds.
const NOTE_PIXELS: u32 = 320;
const NOTE_LINE_CHARS: usize = 48;
const NOTE_LINE_PIXELS: u32 = 17;
const NOTE_LINES_MAX: usize = 24;

/// A note that is as high as its text.
pub(super) fn note(text: String) -> Note {
    let lines: usize = text.lines().map(|line| line.chars().count() / NOTE_LINE_CHARS + 1).sum();
    let height = (lines.min(NOTE_LINES_MAX) as u32 + 1) * NOTE_LINE_PIXELS;
    Note::new(text)
        .add_author_prefix(false)
        .set_width(NOTE_PIXELS)
        .set_height(height)
        .set_font_name(FONT)
        .set_font_size(9)
}
