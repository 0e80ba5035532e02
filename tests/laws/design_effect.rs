//! The design effect: what it is by the rows of mail, and that it is one where devices are drawn one by one.

use crate::common::{Run, run, scenario};
use std::collections::BTreeMap;

/// The variance of the share told within 15 min if so many devices were drawn one by one, by the rows of mail.
fn by_hand(run: &Run) -> f64 {
    let ends = run.scenario.measured().ms() as i64 - 900_000;
    let mut each: BTreeMap<u32, [f64; 2]> = BTreeMap::new();
    for mail in run.mails().iter().filter(|mail| mail.in_working_hours && mail.arrived_ms <= ends) {
        let own = each.entry(mail.device).or_default();
        own[0] += 1.0;
        own[1] += f64::from(mail.latency_ms.is_some_and(|ms| ms <= 900_000));
    }
    let [mail, told] = each.values().fold([0.0, 0.0], |sum, own| [sum[0] + own[0], sum[1] + own[1]]);
    let residuals = each.values().map(|own| own[1] - told / mail * own[0]);
    let squares: f64 = residuals.map(|residual| residual * residual).sum();
    let devices = f64::from(run.scenario.devices);
    squares / (mail * mail) * devices / (devices - 1.0)
}

fn effect(run: &Run) -> f64 {
    let summary: serde_json::Value = serde_json::from_str(&run.summary()).unwrap();
    summary["design_effect"].as_f64().unwrap()
}

#[test]
fn it_is_the_printed_variance_over_that_of_devices_drawn_one_by_one() {
    for (name, devices) in [("device-keychain", 96), ("working-hours", 60)] {
        let text = format!("extends = '{name}'\nwarmup = '3d'\nmeasure = '7d'\ndevices = {devices}");
        let run = run(scenario(&text, &[]));
        let sample = bgsim::figure::Sample::of(&run.fleet.parts, &run.scenario);
        let printed = sample.spread(|figures| figures.value(bgsim::figure::Figure::FIRST)).unwrap().variance;
        let (found, wanted) = (effect(&run), printed / by_hand(&run));
        println!("{name}: {found} and {wanted:.3}");
        assert!((found / wanted - 1.0).abs() < 0.06, "{name}: {found} and {wanted}");
    }
}

/// Devices that are alike but for chance, and none of whose parts is dealt.
#[test]
fn it_is_one_in_the_mean_where_devices_are_independent() {
    let text =
        "extends = 'periodic-15m'\nclient.check_duration = '5m'\nwarmup = '1d'\nmeasure = '2d'\ndevices = 96";
    let seeds = 40;
    let of = |seed: u64| effect(&run(scenario(text, &[&format!("seed={seed}")])));
    let mean = (1..=seeds).map(of).sum::<f64>() / seeds as f64;
    println!("{mean:.3}");
    assert!((mean - 1.0).abs() < 0.2, "{mean}");
}

#[test]
fn of_a_device_it_is_not_known() {
    let text = "extends = 'device-keychain'\nwarmup = '1d'\nmeasure = '2d'\ndevices = 1";
    let summary: serde_json::Value = serde_json::from_str(&run(scenario(text, &[])).summary()).unwrap();
    assert!(summary["design_effect"].is_null());
}
