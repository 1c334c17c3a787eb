//! `datapackage.json`: the files as a Frictionless data package, with the types, titles and units
//! of their columns.

use std::io;

use rust_i18n::t;
use serde_json::{Map, Value, json};

use super::Written;
use super::relation::{Field, Group, Kind, Relation};
use super::shape::Shape;
use crate::lang::{Bilingual, Lang};

/// Its name.
pub const PACKAGE: &str = "datapackage.json";
const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

/// Its text; a relation without rows has no file and is no resource.
pub(super) fn text(
    relations: &[Relation],
    written: &[Written],
    shape: Shape,
) -> io::Result<String> {
    let has_rows = |name: &str| written.iter().any(|file| file.relation == name);
    let there = relations.iter().filter(|relation| has_rows(&relation.name));
    let resources: Vec<Value> =
        there.map(|relation| resource(relation, written, shape, &has_rows)).collect();
    let package = json!({
        "$schema": PROFILE,
        "name": "nianbao",
        "title": t!("deliver.package_title", locale = Lang::Zh.key()),
        "description": t!("deliver.package_about", locale = Lang::En.key()),
        "resources": resources,
    });
    Ok(serde_json::to_string_pretty(&package).map_err(io::Error::from)? + "\n")
}

fn resource(
    relation: &Relation,
    written: &[Written],
    shape: Shape,
    has_rows: &impl Fn(&str) -> bool,
) -> Value {
    let of = written.iter().filter(|file| file.relation == relation.name);
    let paths: Vec<Value> = of.map(|file| json!(file.path)).collect();
    let mut resource = Map::new();
    resource.insert("name".to_owned(), json!(relation.name));
    resource.insert("type".to_owned(), json!("table"));
    describe(&mut resource, relation.title.as_ref(), relation.note.as_deref());
    let path = match <[Value; 1]>::try_from(paths) {
        Ok([path]) if relation.group != Group::Facts => path,
        Ok(one) => Value::Array(one.into()),
        Err(paths) => Value::Array(paths),
    };
    resource.insert("path".to_owned(), path);
    if relation.group == Group::Facts {
        resource.insert("partitions".to_owned(), json!(["year", "province"]));
    }
    resource.insert("format".to_owned(), json!(shape.extension()));
    resource.insert("mediatype".to_owned(), json!(shape.media_type()));
    if shape != Shape::Parquet {
        resource.insert("encoding".to_owned(), json!("utf-8"));
    }
    let refers: Vec<Value> = relation
        .refers
        .iter()
        .filter(|[_, there, _]| has_rows(there))
        .map(|[column, there, name]| {
            json!({ "fields": [column], "reference": { "resource": there, "fields": [name] } })
        })
        .collect();
    let fields: Vec<Value> = relation.fields.iter().map(field).collect();
    resource.insert(
        "schema".to_owned(),
        json!({
            "fields": fields,
            "missingValues": [""],
            "primaryKey": relation.key,
            "foreignKeys": refers,
        }),
    );
    Value::Object(resource)
}

fn field(field: &Field) -> Value {
    let mut out = Map::new();
    out.insert("name".to_owned(), json!(field.name));
    let kind = match field.kind {
        Kind::Int => "integer",
        Kind::Text => "string",
    };
    out.insert("type".to_owned(), json!(kind));
    describe(&mut out, field.title.as_ref(), field.note.as_deref());
    if let Some(unit) = &field.unit {
        out.insert("unit".to_owned(), json!(unit));
    }
    Value::Object(out)
}

/// Title in Chinese; description with the English one.
fn describe(out: &mut Map<String, Value>, title: Option<&Bilingual>, note: Option<&str>) {
    if let Some(title) = title {
        out.insert("title".to_owned(), json!(title.zh));
    }
    let described: Vec<&str> = title.map(|t| t.en.as_str()).into_iter().chain(note).collect();
    if !described.is_empty() {
        out.insert("description".to_owned(), json!(described.join(": ")));
    }
}
