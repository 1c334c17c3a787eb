//! The editions known to a run: those of the program and those of a user's folder.

use std::path::{Path, PathBuf};

use rust_i18n::t;

use super::{Form, FormTable};
use crate::reason;

/// A form definition that cannot be used. Always the fault of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// The file or folder cannot be read.
    #[error("{}", t!("form.read", path = path.display(), reason = reason::of_io(source)))]
    Read {
        /// File or folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// The file is not a form definition.
    #[error("{}", t!("form.syntax", path = path.display(), what = what))]
    Syntax {
        /// File.
        path: PathBuf,
        /// Line, column and cause.
        what: String,
        /// As the reader says it.
        source: Box<toml::de::Error>,
    },
    /// Keys do not refer to each other.
    #[error("{}", t!("form.inconsistent", path = path.display(), what = what))]
    Inconsistent {
        /// File.
        path: PathBuf,
        /// Which key.
        what: String,
    },
}

/// All editions known to this run, oldest first.
#[derive(Debug, Clone)]
pub struct Forms(Vec<Form>);

macro_rules! builtin {
    ($($edition:literal),+) => {
        &[$(($edition, include_str!(concat!("../../forms/", $edition, ".toml")))),+]
    };
}

/// The definitions in the repository's `forms` folder.
const BUILTIN: &[(&str, &str)] = builtin!["2014", "2019", "2021"];

impl Form {
    /// Reads one definition and checks that its keys refer to each other.
    pub(super) fn parse(text: &str, path: &Path) -> Result<Form, FormError> {
        let mut form: Form = toml::from_str(text).map_err(|e| FormError::Syntax {
            path: path.into(),
            what: reason::of_toml(&e, text),
            source: Box::new(e),
        })?;
        form.tables.iter_mut().for_each(FormTable::number_cells);
        form.check().map_err(|what| FormError::Inconsistent { path: path.into(), what })?;
        Ok(form)
    }
}

impl Forms {
    /// The official editions.
    ///
    /// # Panics
    /// Never in a released program: the definitions are compiled in and every test reads them.
    #[must_use]
    pub fn builtin() -> Forms {
        let forms = BUILTIN.iter().map(|(edition, text)| {
            Form::parse(text, Path::new(edition)).unwrap_or_else(|e| panic!("built-in form: {e}"))
        });
        Forms(forms.collect())
    }

    /// Adds every `*.toml` of a folder; an edition of the same key replaces the known one.
    ///
    /// # Errors
    /// When the folder cannot be listed or a file in it is no form definition.
    pub fn with_dir(mut self, dir: &Path) -> Result<Forms, FormError> {
        let read = |source| FormError::Read { path: dir.into(), source };
        let mut paths = std::fs::read_dir(dir)
            .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>())
            .map_err(read)?;
        paths.retain(|p| p.extension().is_some_and(|x| x == "toml"));
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path)
                .map_err(|source| FormError::Read { path: path.clone(), source })?;
            let form = Form::parse(&text, &path)?;
            self.0.retain(|f| f.edition != form.edition);
            self.0.push(form);
        }
        self.0.sort_by_key(|f| f.first_year);
        Ok(self)
    }

    /// The form of an edition.
    #[must_use]
    pub fn get(&self, edition: &str) -> Option<&Form> {
        self.0.iter().find(|f| f.edition == edition)
    }

    /// All forms, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Form> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_forms_have_the_official_number_of_cells() {
        let forms = Forms::builtin();
        let count = |e: &str| forms.get(e).unwrap().cells().count();
        assert_eq!((count("2014"), count("2019"), count("2021")), (58, 198, 200));
    }

    #[test]
    fn labels_that_stand_twice_name_their_whole() {
        let forms = Forms::builtin();
        let mut named = 0;
        for table in forms.iter().flat_map(|form| &form.tables) {
            let mut labels: Vec<_> = table.rows().map(|row| table.row_label(row)).collect();
            named += table.rows().filter(|row| table.row_label(row) != row.label).count();
            labels.sort_unstable();
            let all = labels.len();
            labels.dedup();
            assert_eq!(labels.len(), all, "{}", table.key);
        }
        assert_eq!(named, 4);
    }
}
