//! The field of activity of an individual: student, pensioner, employed, other.

use crate::contract::codes::customer::{FOA01, FOA02};
use crate::contract::field::Kind::{Boolean, Classifier, Object, Text};
use crate::contract::field::{Check, Field};
use crate::contract::list::List;
use crate::contract::object::record;

record! {
    /// What the person does: studies, pension, work or other.
    FIELD_OF_ACTIVITY = new("FieldOfActivityApi") {
        /// Details of the person's studies.
        STUDENT: Field::new("student", Object(&student::STUDENT));
        /// Details of the person's pension.
        PENSION: Field::new("pension", Object(&pension::PENSION));
        /// Details of the person's work.
        EMPLOYMENT: Field::new("employment", Object(&employment::EMPLOYMENT));
        /// Details of any other occupation of the person.
        OTHER: Field::new("other", Object(&other::OTHER));
    }
}

/// The table of FieldStudent, and the indices of its fields.
pub mod student {
    use super::*;

    record! {
        /// The person's studies.
        STUDENT = new("FieldStudentApi") {
            /// Country of the university or college, such as LT.
            HIGHER_SCHOOL_COUNTRY: Field::new("higherSchoolCountry", Classifier(List::Country))
                .invalid(Check::own(&FOA01, 459, "FieldOfActivity.Student.Country is invalid"));
            /// Name of the university or college.
            HIGHER_SCHOOL_TITLE: Field::new("higherSchoolTitle", Text);
            /// Whether the person is studying.
            IS_STUDENT: Field::new("isStudent", Boolean);
        }
    }
}

/// The table of FieldPension, and the indices of its fields.
pub mod pension {
    use super::*;

    record! {
        /// The person's pension.
        PENSION = new("FieldPensionApi") {
            /// Whether the person draws a pension.
            IS_PENSIONER: Field::new("isPensioner", Boolean);
            /// Country that pays the person's pension, such as LT.
            PENSION_COUNTRY: Field::new("pensionCountry", Classifier(List::Country))
                .invalid(Check::own(&FOA02, 469, "PensionCountry is invalid"));
        }
    }
}

/// The table of FieldEmployment, and the indices of its fields.
pub mod employment {
    use super::*;

    record! {
        /// The person's work and employer.
        EMPLOYMENT = new("FieldEmploymentApi") {
            /// Name of the person's employer.
            EMPLOYER_TITLE: Field::new("employerTitle", Text);
            /// The person's job or position, as free text.
            EMPLOYMENT_POSITION_DESCRIPTION: Field::new("employmentPositionDescription", Text);
            /// Whether the person is employed by someone.
            IS_EMPLOYEE: Field::new("isEmployee", Boolean);
            /// Whether the person works on their own account.
            IS_SELF_EMPLOYED: Field::new("isSelfEmployed", Boolean);
            /// Whether the person is without work.
            IS_UNEMPLOYED: Field::new("isUnemployed", Boolean);
        }
    }
}

/// The table of FieldOther, and the indices of its fields.
pub mod other {
    use super::*;

    record! {
        /// An occupation that is none of the usual kinds.
        OTHER = new("FieldOtherApi") {
            /// Whether the person's occupation is of some other kind.
            IS_OTHER_STATUS: Field::new("isOtherStatus", Boolean);
            /// What the other occupation is, as free text.
            OTHER_STATUS_DESCRIPTION: Field::new("otherStatusDescription", Text);
        }
    }
}
