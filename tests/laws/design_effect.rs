//! The design effect: what it is by the rows of mail, and that it is one where devices are drawn one by one.

use crate::common::{Run, run, scenario};
use bgsim::comparison::{compare, run_arms};
use bgsim::experiment::Plan;
use bgsim::figure::{Figure, Sample};

/// Of each device, how far its mail told within 15 min is from that of all, as part of all mail; by the rows of mail.
fn residuals(run: &Run) -> Vec<f64> {
    let ends = run.scenario.measured().ms() as i64 - 900_000;
    let mut each = vec![[0.0, 0.0]; run.scenario.devices as usize];
    for mail in run.mails().iter().filter(|mail| mail.in_working_hours && mail.arrived_ms <= ends) {
        let own = &mut each[mail.device as usize];
        own[0] += 1.0;
        own[1] += f64::from(mail.latency_ms.is_some_and(|ms| ms <= 900_000));
    }
    let [mail, told] = each.iter().fold([0.0, 0.0], |sum, own| [sum[0] + own[0], sum[1] + own[1]]);
    each.iter().map(|own| (own[1] - told / mail * own[0]) / mail).collect()
}

/// The variance of their sum if so many devices were drawn one by one.
fn drawn(residuals: impl ExactSizeIterator<Item = f64>) -> f64 {
    let devices = residuals.len() as f64;
    residuals.map(|residual| residual * residual).sum::<f64>() * devices / (devices - 1.0)
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
        let sample = Sample::of(&run.fleet.parts, &run.scenario);
        let printed = sample.spread(|figures| figures.value(Figure::FIRST)).unwrap().variance;
        let (found, wanted) = (effect(&run), printed / drawn(residuals(&run).into_iter()));
        println!("{name}: {found} and {wanted:.3}");
        assert!((found / wanted - 1.0).abs() < 0.06, "{name}: {found} and {wanted}");
    }
}

#[test]
fn that_of_a_difference_is_over_the_same_devices_drawn_one_by_one() {
    let text = "extends = 'email-plus'\nwarmup = '3d'\nmeasure = '7d'\ndevices = 96";
    // The second is over other mail, of which each device has another number.
    for set in ["policy.allow_device_keychain=true", "policy.working_hours='mon-fri 08:00-18:00'"] {
        let arms = [&[][..], &[set]].map(|sets| (sets.concat(), scenario(text, sets)));
        let plan = Plan { jobs: 2, ..Plan::default() };
        let Ok(runs) = run_arms(&arms, 0..96, &plan, false, &mut ());
        let (comparison, samples) = compare(&arms, &runs, Figure::FIRST, &[], String::new());
        let printed = samples[1].spread_of_difference(Figure::FIRST, &samples[0], 1.0, 0.0).unwrap().variance;
        let [first, other] = arms.map(|(_, scenario)| residuals(&run(scenario)));
        let wanted = printed / drawn(other.iter().zip(&first).map(|(other, first)| other - first));
        let found = comparison.arms[1].design_effect_of_difference;
        println!("{set}: {found:?} and {wanted:.3}");
        let found = found.unwrap();
        assert!((found / wanted - 1.0).abs() < 0.06, "{found} and {wanted}");
        assert_eq!(comparison.arms[0].design_effect_of_difference, None);
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
