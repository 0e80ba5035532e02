//! The system-wide budgets of energy and cellular data: buckets, refilled every half hour.

/// A bucket in integer parts, kept within plus and minus its capacity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    level: i64,
    capacity: i64,
}

impl Budget {
    /// A bucket with so much in it.
    pub fn with_level(level: i64, capacity: i64) -> Budget {
        Budget { level: level.min(capacity), capacity }
    }

    /// What is in it; negative where work was more expensive than what was left.
    pub fn level(self) -> i64 {
        self.level
    }

    /// Whether work may start on it.
    pub fn is_positive(self) -> bool {
        self.level > 0
    }

    /// Adds a share of the capacity.
    pub fn refill(&mut self, share: f64) {
        self.level = (self.level + (share * self.capacity as f64) as i64).min(self.capacity);
    }

    /// Takes out what work has cost.
    pub fn charge(&mut self, cost: i64) {
        self.level = (self.level - cost).max(-self.capacity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_stays_within_its_capacity_both_ways() {
        let mut budget = Budget::with_level(120, 100);
        budget.refill(0.5);
        assert_eq!(budget.level(), 100);
        budget.charge(170);
        assert_eq!(budget.level(), -70);
        assert!(!budget.is_positive());
        budget.charge(1_000);
        assert_eq!(budget.level(), -100);
        budget.refill(1.5);
        assert_eq!(budget.level(), 50);
    }
}
