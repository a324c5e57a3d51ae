//! Kills at random instants, with files of all formats coming in between.

use std::process::{Command, Stdio};
use std::time::Duration;

use kyc_import::store::fault::FAILPOINTS;
use serde_json::Value;

use crate::site::{FORMATS, SETTINGS, Site, file, record, wrong};

/// How many kills, and where the random numbers start; `tests/kills.sh` gives others.
const KILLS: &str = "KYC_IMPORT_TEST_KILLS";
const SEED: &str = "KYC_IMPORT_TEST_SEED";

/// After so many kills an installation is brought to its end and looked at as a whole.
const KILLS_OF_A_SITE: u64 = 14;

/// Random numbers that are the same for the same start: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// What people drop: files of all formats with wrong, repeated and new records, the same bytes again, and
/// corrections.
struct Sender {
    random: Random,
    files: u64,
    ids: u64,
    last: Vec<u8>,
}

impl Sender {
    fn send(&mut self, site: &mut Site) {
        self.files += 1;
        let files = self.files;
        match self.random.below(8) {
            0 if !self.last.is_empty() => site.drop_file(&format!("again{files}.json"), &self.last),
            1 | 2 if self.correct(site) => {}
            3 => site.drop_file(&format!("cut{files}.xml"), format!("<Customers><!-- {files} --><Cut>")),
            _ => {
                let format = self.random.one_of(&FORMATS);
                let records: Vec<Value> = (0..2 + self.random.below(12)).map(|_| self.record()).collect();
                self.last = file(format, &records);
                site.drop_file(&format!("file{files}.{format}"), &self.last);
            }
        }
    }

    fn record(&mut self) -> Value {
        self.ids += 1;
        match self.random.below(6) {
            0 => wrong(self.ids),
            1 => record(1 + self.random.below(self.ids)),
            _ => record(self.ids),
        }
    }

    /// Drops the correction of a file that waits for one; `false` when none does.
    fn correct(&mut self, site: &mut Site) -> bool {
        let open: Vec<String> = site.to_correct().into_iter().filter(|name| name.ends_with(".csv")).collect();
        if open.is_empty() {
            return false;
        }
        let name = self.random.one_of(&open.iter().map(String::as_str).collect::<Vec<_>>()).to_owned();
        let path = site.path().join("outbox/to-correct").join(&name);
        let text = std::fs::read_to_string(path).expect("a copy");
        let taken = crate::outbox::dropped(site.path()).contains(&name);
        if !taken {
            site.drop_file(&name, text.replace(";;", &format!(";Ona{};", self.files)));
        }
        !taken
    }
}

/// Starts the program and kills it at an instant. Returns whether it was killed before it ended.
fn kill_somewhere(site: &Site, random: &mut Random) -> bool {
    let command = random.one_of(&["run", "run", "run", "watch"]);
    if command == "run" && random.below(2) == 0 {
        let times = 1 + random.below(3);
        return site.killed_at(&format!("{}:{times}", random.one_of(&FAILPOINTS)), &[command]);
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_kyc-import"))
        .arg(command)
        .current_dir(site.path())
        .env_clear()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    // The instant is what is random here; nothing is waited for.
    std::thread::sleep(Duration::from_micros(random.below(90_000)));
    child.kill().expect("it can be killed, or has ended");
    child.wait().expect("it ends").code().is_none()
}

#[test]
fn kills_at_random_instants_lose_nothing() {
    let (wanted, seed) = (setting(KILLS, 200), setting(SEED, 1));
    let (mut kills, mut sites) = (0, 0);
    while kills < wanted {
        sites += 1;
        let mut random = Random(seed.wrapping_mul(1_000_003) + sites);
        let spool = random.one_of(&["auto", "auto", "always"]);
        let mut site = Site::with_settings(&format!("{SETTINGS}spool = \"{spool}\"\n"));
        let mut sender = Sender { random: Random(random.next()), files: 0, ids: 0, last: Vec::new() };
        let mut here = 0;
        // Runs that end before they are killed do not count, but end the site in time.
        for _ in 0..3 * KILLS_OF_A_SITE {
            if here >= KILLS_OF_A_SITE {
                break;
            }
            if random.below(3) < 2 {
                sender.send(&mut site);
            }
            here += u64::from(kill_somewhere(&site, &mut random));
            site.assert_visible();
        }
        kills += here;
        site.run_well(&["run"]);
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| site.assert_done()));
        assert!(ended.is_ok(), "site {sites} of seed {seed}, after {kills} kills");
    }
    eprintln!("{kills} kills in {sites} installations");
}
