//! Figures as people read them: three digits that matter, thousands apart.

/// A value with its unit.
pub(super) fn quantity(value: f64, unit: &str) -> String {
    format!("{} {unit}", digits(value))
}

/// A bound, which is a round number.
pub(super) fn bound(value: f64, unit: &str) -> String {
    let number = if value.fract() == 0.0 { grouped(value) } else { value.to_string() };
    format!("{number} {unit}")
}

pub(super) fn digits(value: f64) -> String {
    match value.abs() {
        100.0.. => grouped(value),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = Vec::new();
    groups.extend((first > 0).then(|| &digits[..first]));
    groups.extend((first..digits.len()).step_by(3).map(|place| &digits[place..place + 3]));
    format!("{}{}", if value < 0.0 { "-" } else { "" }, groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_matter() {
        for (value, shown) in [
            (1_234_567.8, "1,234,568"),
            (656_000.0, "656,000"),
            (123.4, "123"),
            (12.34, "12.3"),
            (1.234, "1.23"),
            (0.1234, "0.123"),
            (0.0, "0.000"),
            (-1_500.0, "-1,500"),
        ] {
            assert_eq!(digits(value), shown);
        }
    }

    #[test]
    fn bounds_are_round() {
        assert_eq!(bound(10_000.0, "/s"), "10,000 /s");
        assert_eq!(bound(1.3, "× bare"), "1.3 × bare");
        assert_eq!(bound(25.0, "ms"), "25 ms");
    }
}
