//! Bodies as real reports name them, and what regions they must give.

use super::*;
use crate::report::Scope;

fn organ(printed: &str, context: Context<'_>) -> Organ {
    Regions::builtin().resolve(printed, context).unwrap_or_else(|| panic!("no body: {printed}"))
}

fn alone(printed: &str) -> Organ {
    organ(printed, Context::default())
}

fn with(printed: &str, mentions: &[&str]) -> Organ {
    organ(printed, Context { mentions, ..Context::default() })
}

fn hinted(printed: &str, region: &str) -> Option<Organ> {
    let region = Some(region.parse().unwrap());
    Regions::builtin().resolve(printed, Context { region, ..Context::default() })
}

fn place(organ: &Organ) -> (Option<String>, Option<String>) {
    (organ.region_code.map(|c| c.to_string()), organ.township_code.map(|c| c.to_string()))
}

#[test]
fn the_data_are_all_there() {
    let regions = Regions::builtin();
    let today = regions.iter().filter(|r| !r.is_former());
    let count = |level| today.clone().filter(|r| r.level() == level).count();
    assert_eq!((count(Level::Province), count(Level::City)), (31, 333));
    assert!((2800..2900).contains(&count(Level::County)), "{}", count(Level::County));
    assert_eq!(regions.get("500242001".parse().unwrap()).unwrap().name, "桃花源街道");
    for region in regions.iter() {
        assert!(region.level() == Level::Province || region.parent.is_some(), "{region:?}");
        assert!(!matches!(&*region.name, "市辖区" | "县"), "{region:?}");
    }
}

#[test]
fn changes_lead_to_regions_that_exist() {
    let regions = Regions::builtin();
    for region in regions.iter() {
        if let Some(parent) = region.parent {
            assert!(regions.get(parent).is_some(), "{region:?}");
        }
        for next in &region.successors {
            assert!(regions.get(*next).is_some(), "{region:?}");
        }
        if let (Some(from), Some(to)) = (region.valid_from, region.valid_to) {
            assert!(from <= to, "{region:?}");
        }
    }
    assert!(regions.iter().filter(|r| r.is_former()).count() > 300);
}

#[test]
fn placeholders_are_skipped() {
    let regions = Regions::builtin();
    for (code, parent) in [
        ("110101", "110000"),
        ("500242", "500000"),
        ("429004", "420000"),
        ("659001", "650000"),
        ("321302", "321300"),
        ("441900003", "441900"),
        ("460400100", "460400"),
        ("620201101", "620200"),
        // a zone that the statistics office counts as a county
        ("130171100", "130100"),
    ] {
        let Some(region) = regions.get(code.parse().unwrap()) else {
            panic!("{code} is missing");
        };
        assert_eq!(region.parent.unwrap().to_string(), parent, "{code}");
    }
    assert_eq!(regions.get("110100".parse().unwrap()), None);
}

#[test]
fn a_region_is_found_by_code_and_name() {
    let regions = Regions::builtin();
    for (text, code) in [
        ("3213", "321300"),
        ("32", "320000"),
        ("宿迁", "321300"),
        ("宿迁市", "321300"),
        ("江苏省宿迁市", "321300"),
        ("江苏宿迁", "321300"),
        ("石家庄桥西区", "130104"),
        ("酉阳", "500242"),
        ("酉陽縣", "500242"),
        ("延边州", "222400"),
        ("酉陽土家族苗族自治縣", "500242"),
        ("桃花源街道", "500242001"),
        ("张家港市凤凰镇", "320582105"),
        ("东莞", "441900"),
        ("東莞市", "441900"),
        ("闸北区", "310108"),
        ("襄樊市", "420600"),
        ("500242001", "500242001"),
    ] {
        assert_eq!(regions.find(text, None).unwrap().code.to_string(), code, "{text}");
    }
}

#[test]
fn a_name_of_several_regions_lists_them() {
    let error = Regions::builtin().find("桥西区", None).unwrap_err().to_string();
    assert_eq!(
        error,
        "several regions are called '桥西区': give one of 130104 河北省石家庄市桥西区, 130703 河北省张家口市桥西区"
    );
    let RegionError::Ambiguous { candidates, .. } =
        Regions::builtin().find("凤凰镇", None).unwrap_err()
    else {
        panic!("凤凰镇 is unique")
    };
    assert_eq!(candidates.len(), 13);
    let error = Regions::builtin().find("宿千市", None).unwrap_err().to_string();
    assert!(error.contains("did you mean"), "{error}");
    assert!(matches!(Regions::builtin().find("999999", None), Err(RegionError::UnknownCode(_))));
    assert!(matches!(Regions::builtin().find("3", None), Err(RegionError::BadCode(_))));
}

#[test]
fn a_name_that_was_passed_on_is_its_bearers_of_the_year() {
    let regions = Regions::builtin();
    let code = |name, year| regions.find(name, year).unwrap().code.to_string();
    assert_eq!(code("巢湖市", Some(2009)), "341400");
    assert_eq!(code("巢湖市", Some(2015)), "340181");
    assert_eq!(code("巢湖市", None), "340181");
    assert_eq!(code("弋江区", Some(2016)), "340203");
    assert_eq!(code("弋江区", Some(2020)), "340209");
    let zhabei = regions.find("闸北区", Some(2013)).unwrap();
    assert_eq!(
        (zhabei.valid_to, zhabei.successors.clone()),
        (Some(2015), vec!["310106".parse().unwrap()])
    );
}

#[test]
fn a_users_list_adds_and_replaces() {
    let csv = "\u{FEFF}code,name,parent,valid_from,valid_to,successor,note\n\
               399901,测试区,320000,2020,,,\n310108,闸北区,310000,,2016,310106,按挂牌\n";
    let regions = Regions::with_changes(csv.as_bytes(), "mine.csv").unwrap();
    assert_eq!(regions.find("测试区", None).unwrap().parent, Some("32".parse().unwrap()));
    assert_eq!(regions.find("闸北区", None).unwrap().valid_to, Some(2016));
    let bad = "code,name,parent,valid_from,valid_to,successor,note\n12x,甲区,,,,,\n";
    let error = Regions::with_changes(bad.as_bytes(), "mine.csv").unwrap_err().to_string();
    assert!(error.contains("mine.csv") && error.contains("line 2"), "{error}");
    let short = "code,name\n321399\n";
    assert!(Regions::with_changes(short.as_bytes(), "mine.csv").is_err());
}

#[test]
fn bodies_of_the_corpus_by_their_names_alone() {
    // printed, name, region, township, kind
    let cases: &[(&str, &str, &str, &str, Kind)] = &[
        ("酉阳土家族苗族自治县人民政府桃花源街道办事处", "", "500242", "500242001", Kind::Street),
        (
            "上海市黄浦区人民政府打浦桥街道",
            "上海市黄浦区人民政府打浦桥街道办事处",
            "310101",
            "310101021",
            Kind::Street,
        ),
        ("上海市人民政府办公厅", "", "310000", "", Kind::Department),
        ("宿迁市", "", "321300", "", Kind::Government),
        ("宿迁市(人民政府)", "宿迁市", "321300", "", Kind::Government),
        ("测试市", "", "", "", Kind::Government),
        ("重庆市九龙坡区二郎街道", "重庆市九龙坡区二郎街道办事处", "500107", "*", Kind::Street),
        ("上海市", "", "310000", "", Kind::Government),
        ("哈尔滨市道里区经纬街道办事处", "", "230102", "*", Kind::Street),
        ("建章路街道办事处", "", "610112", "610112012", Kind::Street),
        ("張家港市鳳凰鎮", "张家港市凤凰镇人民政府", "320582", "320582105", Kind::Township),
        ("西柳镇人民政府", "", "210381", "210381112", Kind::Township),
        ("昌图县七家子镇", "昌图县七家子镇人民政府", "211224", "*", Kind::Township),
        ("铁岭县熊官屯镇人民政府", "", "211221", "*", Kind::Township),
        ("石家庄市教育局", "", "130100", "", Kind::Department),
        ("会昌县中村乡人民政府", "", "360733", "360733206", Kind::Township),
        ("通榆县团结乡人民政府", "", "220822", "220822204", Kind::Township),
        ("湖口县卫生健康委员会", "", "360429", "", Kind::Department),
        ("桃江县鲊埠回族乡", "桃江县鲊埠回族乡人民政府", "430922", "*", Kind::Township),
        ("抚州市民政局", "", "361000", "", Kind::Department),
        ("垫江县应急管理局", "", "500231", "", Kind::Department),
        ("衡南縣應急管理局", "衡南县应急管理局", "430422", "", Kind::Department),
        ("石家庄市桥西区中山街道办事处", "", "130104", "?", Kind::Street),
        ("宣城市气象局", "", "341800", "", Kind::Department),
        ("东风区司法局", "", "230805", "", Kind::Department),
        ("佳木斯市东风区司法局", "", "230805", "", Kind::Department),
        ("如东县水务局", "", "320623", "", Kind::Department),
        ("五常市民意乡人民政府", "", "230184", "*", Kind::Township),
        ("永嘉县统计局", "", "330324", "", Kind::Department),
        ("四川省乐山市气象局", "乐山市气象局", "511100", "", Kind::Department),
        ("漳浦县应急管理局", "", "350623", "", Kind::Department),
        ("舒兰市市场监督管理局", "", "220283", "", Kind::Department),
        ("宁安市沙兰镇人民政府", "", "231084", "*", Kind::Township),
        ("抚松县东岗镇人民政府", "", "220621", "*", Kind::Township),
        ("云南省易门县气象局", "易门县气象局", "530425", "", Kind::Department),
        ("台州市气象局", "", "331000", "", Kind::Department),
        ("霍城县水利局", "", "654023", "", Kind::Department),
        ("五常市背荫河镇人民政府", "", "230184", "*", Kind::Township),
        ("海林市二道河镇人民政府", "", "231083", "", Kind::Township),
        ("万源市玉带乡人民政府", "", "511781", "?", Kind::Township),
        ("东至县木塔乡人民政府", "", "341721", "*", Kind::Township),
        ("盘锦辽滨沿海经济技术开发区管理委员会", "", "211100", "", Kind::Other),
        ("志丹县保安街道", "志丹县保安街道办事处", "610625", "*", Kind::Street),
        ("宜春市审计局", "", "360900", "", Kind::Department),
        ("石家庄市长安区统计局", "", "130102", "", Kind::Department),
        ("皮山县统计局", "", "653223", "", Kind::Department),
        ("青川县地方志编纂委员会办公室", "", "510822", "", Kind::Department),
        ("平江县档案局", "", "430626", "", Kind::Department),
        ("宿州市人民政府", "", "341300", "", Kind::Government),
        ("蓬溪县鸣凤镇", "蓬溪县鸣凤镇人民政府", "510921", "*", Kind::Township),
        ("南平市人民政府信息公开工作领导小组办公室", "", "350700", "", Kind::Department),
        ("苍溪县三川镇", "苍溪县三川镇人民政府", "510824", "*", Kind::Township),
        ("汉台区徐望镇人民政府", "", "610702", "*", Kind::Township),
        ("杨凌示范区审计局", "", "", "", Kind::Department),
        ("通化市东昌区金厂镇人民政府", "", "220502", "*", Kind::Township),
        ("甘谷县人民政府办公室", "", "620523", "", Kind::Department),
        ("海丰县海城镇人民政府", "", "441521", "*", Kind::Township),
        ("张湾区行政审批局", "", "420303", "", Kind::Department),
        ("汉中市工业和信息化局", "", "610700", "", Kind::Department),
        ("舟山市民政局", "", "330900", "", Kind::Department),
        ("临夏回族自治州永靖县", "", "622923", "", Kind::Government),
        ("湛江经济技术开发区公安分局", "", "440800", "", Kind::Department),
        ("海关总署(海关系统)", "海关总署", "", "", Kind::Ministry),
        ("福州市公安局", "", "350100", "", Kind::Department),
        ("海城市人民政府办公室", "", "210381", "", Kind::Department),
        ("武汉市武昌区司法局", "", "420106", "", Kind::Department),
        ("深圳市南山區蛇口街道辦事處", "深圳市南山区蛇口街道办事处", "440305", "*", Kind::Street),
        ("广州市荔湾区人民政府南源街道办事处", "", "440103", "*", Kind::Street),
        ("高平市建宁乡人民政府", "", "140581", "*", Kind::Township),
        ("西秀区黄腊乡", "西秀区黄腊乡人民政府", "520402", "?", Kind::Township),
        ("三台县统计局", "", "510722", "", Kind::Department),
        ("广州市海珠区人民政府江南中街道办事处", "", "440105", "*", Kind::Street),
        ("石家庄高新区社会发展局", "", "130100", "", Kind::Department),
        ("临海市水利局", "", "331082", "", Kind::Department),
        ("宣城市宣州区杨柳镇人民政府", "", "341802", "*", Kind::Township),
        // what the name alone does not tell
        ("凤凰镇", "凤凰镇人民政府", "", "", Kind::Township),
        ("桥西区教育局", "", "", "", Kind::Department),
        ("区统计局", "", "", "", Kind::Department),
        ("高新区社会发展局", "", "", "", Kind::Department),
        ("文山三七产业园区管理委员会", "", "532600", "", Kind::Other),
    ];
    for (printed, name, region, township, kind) in cases {
        let organ = alone(printed);
        let name = if name.is_empty() { printed } else { name };
        assert_eq!((organ.name.as_str(), organ.kind), (*name, *kind), "{printed}");
        let (got_region, got_township) = place(&organ);
        assert_eq!(got_region.unwrap_or_default(), *region, "{printed}");
        match *township {
            // in the tree under that county
            "*" => assert!(got_township.is_some_and(|t| t.starts_with(region)), "{printed}"),
            // merged or renamed before the tree was made
            "?" => assert!(got_township.is_none_or(|t| t.starts_with(region)), "{printed}"),
            known => assert_eq!(got_township.unwrap_or_default(), known, "{printed}"),
        }
        let summary = *kind == Kind::Government || printed.contains("系统");
        let scope = if summary { Scope::Aggregate } else { Scope::Own };
        assert_eq!(organ.scope_default, scope, "{printed}");
    }
}

#[test]
fn other_words_of_the_document_place_a_body() {
    for (printed, mentions, name, region) in [
        ("凤凰镇", &["首页 > 张家港市凤凰镇 > 年报"][..], "张家港市凤凰镇人民政府", "320582"),
        (
            "道里区经纬街道办事处",
            &["哈尔滨市道里区人民政府门户网站"],
            "哈尔滨市道里区经纬街道办事处",
            "230102",
        ),
        (
            "二道河镇人民政府",
            &["海林市人民政府网站信息公开专栏"],
            "海林市二道河镇人民政府",
            "231083",
        ),
        ("熊官屯镇", &["发布机构:铁岭县熊官屯镇人民政府"], "铁岭县熊官屯镇人民政府", "211221"),
        (
            "宣州区杨柳镇人民政府",
            &["地址:宣城市宣州区杨柳镇"],
            "宣城市宣州区杨柳镇人民政府",
            "341802",
        ),
        (
            "金厂镇",
            &["通化市人民政府门户网站", "通化市东昌区金厂镇"],
            "通化市东昌区金厂镇人民政府",
            "220502",
        ),
        ("蓬溪县鸣凤镇", &["四川省蓬溪县鸣凤镇"], "蓬溪县鸣凤镇人民政府", "510921"),
        (
            "广州市海珠区江南中街道",
            &["海珠区人民政府江南中街道办事处"],
            "广州市海珠区人民政府江南中街道办事处",
            "440105",
        ),
        ("保安街道", &["志丹县"], "志丹县保安街道办事处", "610625"),
        ("桥西区教育局", &["张家口市人民政府"], "桥西区教育局", "130703"),
        ("桥西区教育局", &["张家口市桥西区"], "张家口市桥西区教育局", "130703"),
        ("凤凰镇", &["四川省"], "凤凰镇人民政府", ""),
        ("凤凰镇", &["张家港市凤凰镇", "凤凰县", "高邑县凤凰镇"], "凤凰镇人民政府", ""),
        // unique in the tree, but the document is of elsewhere
        ("西柳镇人民政府", &["张家港市人民政府"], "西柳镇人民政府", ""),
    ] {
        let organ = with(printed, mentions);
        assert_eq!(organ.name, name, "{printed}");
        assert_eq!(place(&organ).0.unwrap_or_default(), region, "{printed} {mentions:?}");
    }
}

#[test]
fn short_names_need_the_users_region() {
    for (printed, hint, name, region) in [
        ("市教育局", "130100", "石家庄市教育局", "130100"),
        ("市教育局", "130102", "石家庄市教育局", "130100"),
        ("市教育局", "320582", "张家港市教育局", "320582"),
        ("市教育局", "310101", "上海市教育局", "310000"),
        ("区统计局", "130102", "石家庄市长安区统计局", "130102"),
        ("区政府办", "310101", "上海市黄浦区人民政府办公室", "310101"),
        ("县政府办公室", "500242", "酉阳土家族苗族自治县人民政府办公室", "500242"),
        ("市卫健委", "1301", "石家庄市卫生健康委员会", "130100"),
        ("县人民政府", "211224", "昌图县人民政府", "211224"),
        ("本市", "3213", "宿迁市", "321300"),
        ("全市", "3213", "宿迁市", "321300"),
        ("教育局", "130100", "石家庄市教育局", "130100"),
        ("凤凰镇", "320582", "张家港市凤凰镇人民政府", "320582"),
        ("我镇", "320582105", "张家港市凤凰镇人民政府", "320582"),
        ("保安街道", "610625", "志丹县保安街道办事处", "610625"),
        ("高新区社会发展局", "130100", "石家庄市高新区社会发展局", "130100"),
        ("桥西区教育局", "130100", "石家庄市桥西区教育局", "130104"),
        ("桥西区教育局", "13", "桥西区教育局", ""),
        ("区统计局", "130100", "区统计局", ""),
        // the document itself says otherwise
        ("张家港市凤凰镇", "130100", "张家港市凤凰镇人民政府", "320582"),
    ] {
        let organ = hinted(printed, hint).unwrap_or_else(|| panic!("no body: {printed}"));
        assert_eq!(organ.name, name, "{printed} in {hint}");
        assert_eq!(place(&organ).0.unwrap_or_default(), region, "{printed} in {hint}");
    }
    for printed in ["我局", "本机关", "我镇", "全市", "", " ", "《》"] {
        assert_eq!(Regions::builtin().resolve(printed, Context::default()), None, "{printed}");
    }
    assert_eq!(hinted("我局", "130100"), None);
    assert_eq!(alone("市教育局").name, "市教育局");
}

#[test]
fn spellings_of_one_body_have_one_key() {
    let regions = Regions::builtin();
    for (a, b) in [
        ("凤凰镇", "凤凰镇人民政府"),
        ("张家港市凤凰镇", "江苏省张家港市凤凰镇政府"),
        ("上海市黄浦区打浦桥街道办事处", "上海市黄浦区人民政府打浦桥街道"),
        ("宿迁市", "宿迁市人民政府"),
        ("宿迁市", "江苏省宿迁市(人民政府)"),
        ("四川省乐山市气象局", "乐山市气象局"),
        ("石家庄市卫健委", "石家庄市卫生健康委员会"),
        ("石家莊市橋西區教育局", "河北省石家庄市桥西区教育局"),
        ("上海市黄浦区国资委", "上海市黄浦区人民政府国有资产监督管理委员会"),
        ("国家卫健委", "国家卫生健康委员会"),
        ("中华人民共和国教育部", "教育部"),
        ("富阳市大源镇", "杭州市富阳区大源镇人民政府"),
    ] {
        assert!(regions.same_body(a, b), "{a} {:?} | {b} {:?}", alone(a).key(), alone(b).key());
    }
    for (a, b) in [
        ("宿迁市", "宿迁市人民政府办公室"),
        ("石家庄市桥西区教育局", "张家口市桥西区教育局"),
        ("石家庄市教育局", "石家庄市民政局"),
        ("张家港市凤凰镇", "凤凰镇"),
        ("上海市", "上海市黄浦区"),
    ] {
        assert!(!regions.same_body(a, b), "{a} {b}");
    }
    assert!(!alone("凤凰镇").is_placed() && alone("宿迁市").is_placed());
}

#[test]
fn central_bodies_and_their_branches() {
    for name in ["海关总署", "国家税务总局", "生态环境部", "中华人民共和国教育部"]
    {
        let organ = alone(name);
        assert_eq!((organ.kind, organ.level), (Kind::Ministry, Some(Level::Central)), "{name}");
        assert_eq!(organ.scope_default, Scope::Own);
    }
    for (name, region, kind) in [
        ("国家税务总局石家庄市税务局", "130100", Kind::Department),
        ("国家税务总局北京市朝阳区税务局", "110105", Kind::Department),
        ("国家统计局宿迁调查队", "321300", Kind::Department),
        ("生态环境部华北督察局", "", Kind::Department),
        ("中华人民共和国南京海关", "", Kind::Other),
        ("宿迁经济技术开发区管委会", "321300", Kind::Other),
        ("开发区管委会", "", Kind::Other),
        ("南京江北新区", "320100", Kind::Other),
        ("延边州教育局", "222400", Kind::Department),
    ] {
        let organ = alone(name);
        assert_eq!(
            (place(&organ).0.unwrap_or_default().as_str(), organ.kind),
            (region, kind),
            "{name}"
        );
    }
    assert_eq!(alone("拱北海关(关区)").scope_default, Scope::Aggregate);
    assert_eq!(alone("宿迁市人民政府(本级)").scope_default, Scope::Own);
}

#[test]
fn a_former_county_is_found_in_its_years() {
    let in_year =
        |printed, year| organ(printed, Context { year: Some(year), ..Context::default() });
    let before = in_year("富阳市大源镇人民政府", 2012);
    let after = in_year("杭州市富阳区大源镇人民政府", 2020);
    assert_eq!(place(&before).0.as_deref(), Some("330183"));
    assert_eq!(place(&after).0.as_deref(), Some("330111"));
    assert_eq!(before.key(), after.key());
    assert_eq!(place(&in_year("上海市闸北区人民政府", 2014)).0.as_deref(), Some("310108"));
    assert_eq!(place(&in_year("巢湖市居巢区教育局", 2010)).0.as_deref(), Some("341402"));
    let parent = in_year("上海市闸北区人民政府", 2014).parent.map(|c| c.to_string());
    assert_eq!(parent.as_deref(), Some("310000"));
}

#[test]
fn names_that_begin_like_a_region_are_left_whole() {
    for (printed, name) in [
        ("南京路街道", "南京路街道办事处"),
        ("新乡市教育局", "新乡市教育局"),
        ("台州市路桥区教育局", "台州市路桥区教育局"),
        ("宁波市镇海区教育局", "宁波市镇海区教育局"),
        ("昌图县乡村振兴局", "昌图县乡村振兴局"),
        ("本溪市教育局", "本溪市教育局"),
        ("市中区教育局", "市中区教育局"),
        ("城区街道办事处", "城区街道办事处"),
    ] {
        assert_eq!(alone(printed).name, name);
    }
    assert_eq!(place(&alone("宁波市镇海区教育局")).0.as_deref(), Some("330211"));
    assert_eq!(place(&alone("台州市路桥区教育局")).0.as_deref(), Some("331004"));
}
