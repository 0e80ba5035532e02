//! Groups of a fleet: their names, their sizes, and what is said of those that cannot be dealt.

use super::{set, text};

fn fault(toml: &str) -> String {
    text(toml).expect_err(toml)
}

#[test]
fn a_group_is_called_as_its_persona_unless_it_has_a_name() {
    let scenario = text("fleet = [{ persona = 'heavy' }, { name = 'Office_1', title = 'Büro' }]").unwrap();
    let groups = &scenario.fleet.groups;
    assert_eq!([&groups[0].name, &groups[1].name], ["heavy", "Office_1"]);
    assert_eq!([groups[0].says(), groups[1].says()], ["heavy", "Office_1, typical"]);
}

#[test]
fn two_groups_of_one_name_are_both_shown() {
    let twice = fault("[[fleet]]\npersona = \"heavy\"\n\n[[fleet]]\nname = \"heavy\"\n");
    for part in ["two groups are called `heavy`", ":1:", ":5:8", "without one it is called as its persona"] {
        assert!(twice.contains(part), "{part}: {twice}");
    }
    for name in ["", "two words", "a,b", "Büro", &"n".repeat(65)] {
        let found = fault(&format!("[[fleet]]\nname = \"{name}\""));
        assert!(found.contains("no name of a group") && found.contains(":2:8"), "{found}");
    }
}

#[test]
fn sizes_are_written_in_every_block_and_add_up() {
    let groups = "[[fleet]]\nname = \"a\"\ndevices = 600\n[[fleet]]\nname = \"b\"\ndevices = 150\n";
    assert_eq!(text(groups).unwrap().devices, 750);
    assert_eq!(text(&format!("devices = 750\n{groups}")).unwrap().devices, 750);
    let wrong = fault(&format!("devices = 700\n{groups}"));
    assert!(wrong.contains("`devices` is 700, but the groups have 750 together"), "{wrong}");
    let mixed = fault("[[fleet]]\nname = \"a\"\ndevices = 600\n[[fleet]]\nname = \"b\"\nweight = 2\n");
    assert!(mixed.contains("`fleet[1]` has no `devices`, though `fleet[0]` has"), "{mixed}");
    let both = fault("[[fleet]]\nweight = 2\ndevices = 600");
    assert!(both.contains("has both `devices` and `weight`") && both.contains(":2:10"), "{both}");
    let large = fault("[[fleet]]\nname = \"a\"\ndevices = 9000000\n[[fleet]]\ndevices = 9000000");
    assert!(large.contains("10,000,000 are the most"), "{large}");
}

/// Whoever builds on a fleet of so many devices and says how many each group has means those.
#[test]
fn of_sizes_and_their_sum_the_later_wins() {
    let groups = "[[fleet]]\nname = 'a'\ndevices = 600\n[[fleet]]\nname = 'b'\ndevices = 150\n";
    let built = |top: &str, sets: &[&str]| {
        let main = format!("extends = 'base.toml'\n{top}{groups}");
        super::layered(&[("s.toml", &main), ("base.toml", "devices = 1000")], sets)
    };
    assert_eq!(built("", &[]).unwrap().devices, 750);
    assert_eq!(built("", &["devices=30"]).unwrap().devices, 30);
    assert_eq!(built("", &["fleet=[{devices=40}]"]).unwrap().devices, 40);
    // In whatever order the command line says it, `--devices` takes the first so many.
    assert_eq!(built("", &["devices=30", "fleet=[{devices=40}]"]).unwrap().devices, 30);
    let wrong = built("devices = 700\n", &[]).unwrap_err();
    assert!(wrong.contains("`devices` is 700") && wrong.contains(" --> s.toml:2:11"), "{wrong}");
    let bundled =
        super::layered(&[("s.toml", &format!("extends = 'device-keychain'\nname = 's'\n{groups}"))], &[]);
    assert_eq!(bundled.unwrap().devices, 750);
}

#[test]
fn a_part_of_the_devices_is_that_of_the_order_and_reads_back() {
    let part = set("fleet=[{name='a',devices=600},{name='b',devices=150}]").unwrap();
    assert_eq!(part.devices, 750);
    let groups = "fleet = [{ name = 'a', devices = 600 }, { name = 'b', devices = 150 }]";
    let layered = super::layered(&[("s.toml", groups)], &["devices=25"]).unwrap();
    assert_eq!((layered.devices, layered.sizes(25)), (25, vec![20, 5]));
    let again = text(&layered.effective()).unwrap();
    assert_eq!((again.devices, again.sizes(25), again.sha256()), (25, vec![20, 5], layered.sha256()));
    let whole = text(groups).unwrap();
    assert_eq!(text(&whole.effective()).unwrap().sha256(), whole.sha256());
}

#[test]
fn weights_that_cannot_be_dealt_are_refused() {
    for weight in ["1e-10", "2e9"] {
        let found = fault(&format!("[[fleet]]\nweight = {weight}"));
        assert!(found.contains("cannot be dealt exactly") && found.contains(":2:10"), "{found}");
    }
    assert!(fault("[[fleet]]\nweight = 0").contains("no group could have a device"));
}
