//! Who reports: bodies of real counties, each used once in a round.

/// Province, city, county and the code of the county.
pub const COUNTIES: [[&str; 4]; 40] = [
    ["浙江省", "杭州市", "西湖区", "330106"],
    ["浙江省", "杭州市", "桐庐县", "330122"],
    ["浙江省", "宁波市", "象山县", "330225"],
    ["浙江省", "温州市", "平阳县", "330326"],
    ["浙江省", "嘉兴市", "海盐县", "330424"],
    ["浙江省", "湖州市", "德清县", "330521"],
    ["浙江省", "绍兴市", "新昌县", "330624"],
    ["江苏省", "南京市", "玄武区", "320102"],
    ["江苏省", "徐州市", "沛县", "320322"],
    ["江苏省", "淮安市", "盱眙县", "320830"],
    ["江苏省", "盐城市", "射阳县", "320924"],
    ["安徽省", "合肥市", "肥西县", "340123"],
    ["安徽省", "芜湖市", "南陵县", "340223"],
    ["安徽省", "蚌埠市", "怀远县", "340321"],
    ["福建省", "福州市", "闽侯县", "350121"],
    ["福建省", "三明市", "将乐县", "350428"],
    ["江西省", "南昌市", "进贤县", "360124"],
    ["江西省", "九江市", "湖口县", "360429"],
    ["山东省", "济南市", "平阴县", "370124"],
    ["山东省", "淄博市", "桓台县", "370321"],
    ["山东省", "烟台市", "芝罘区", "370602"],
    ["河南省", "郑州市", "中牟县", "410122"],
    ["河南省", "开封市", "尉氏县", "410223"],
    ["河南省", "洛阳市", "新安县", "410323"],
    ["湖北省", "宜昌市", "秭归县", "420527"],
    ["湖北省", "襄阳市", "谷城县", "420625"],
    ["湖南省", "长沙市", "长沙县", "430121"],
    ["湖南省", "衡阳市", "衡东县", "430424"],
    ["广东省", "韶关市", "始兴县", "440222"],
    ["广东省", "肇庆市", "德庆县", "441226"],
    ["四川省", "绵阳市", "三台县", "510722"],
    ["四川省", "广元市", "苍溪县", "510824"],
    ["贵州省", "遵义市", "桐梓县", "520322"],
    ["云南省", "昆明市", "富民县", "530124"],
    ["陕西省", "西安市", "蓝田县", "610122"],
    ["陕西省", "宝鸡市", "凤翔区", "610305"],
    ["甘肃省", "兰州市", "皋兰县", "620122"],
    ["辽宁省", "大连市", "长海县", "210224"],
    ["吉林省", "长春市", "农安县", "220122"],
    ["河北省", "石家庄市", "正定县", "130123"],
];

const OFFICES: [&str; 22] = [
    "教育局",
    "民政局",
    "财政局",
    "司法局",
    "审计局",
    "统计局",
    "水利局",
    "交通运输局",
    "农业农村局",
    "应急管理局",
    "市场监督管理局",
    "自然资源局",
    "生态环境局",
    "住房和城乡建设局",
    "商务局",
    "人力资源和社会保障局",
    "卫生健康委员会",
    "发展和改革委员会",
    "退役军人事务局",
    "医疗保障局",
    "林业局",
    "科学技术局",
];

/// What kind of body reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// A department of a county.
    Department,
    /// A county for all bodies under it.
    Summary,
    /// A town.
    Town,
}

/// A body that reports.
#[derive(Debug, Clone)]
pub struct Body {
    pub rank: Rank,
    /// With its city.
    pub name: String,
    /// As the text calls it.
    pub short: String,
    pub county: &'static [&'static str; 4],
}

const TOWNS: [&str; 11] = [
    "北山街道",
    "西溪街道",
    "灵隐街道",
    "翠苑街道",
    "文新街道",
    "古荡街道",
    "转塘街道",
    "留下街道",
    "蒋村街道",
    "三墩镇",
    "双浦镇",
];

impl Body {
    /// The department of a number.
    pub fn department(number: usize) -> Body {
        let county = &COUNTIES[number % COUNTIES.len()];
        let office = OFFICES[(number / COUNTIES.len() + number) % OFFICES.len()];
        let name = format!("{}{}{office}", county[1], county[2]);
        let short = format!("{}{office}", county[2]);
        Body { rank: Rank::Department, name, short, county }
    }

    /// The department of a county and a trade.
    pub fn office(county: usize, trade: usize) -> Body {
        let county = &COUNTIES[county % COUNTIES.len()];
        let office = OFFICES[trade % OFFICES.len()];
        let name = format!("{}{}{office}", county[1], county[2]);
        Body { rank: Rank::Department, name, short: format!("{}{office}", county[2]), county }
    }

    /// The government of a county, for all of it.
    pub fn summary(number: usize) -> Body {
        let county = &COUNTIES[number % COUNTIES.len()];
        let name = format!("{}{}", county[1], county[2]);
        Body { rank: Rank::Summary, name, short: county[2].to_owned(), county }
    }

    /// A town or street.
    pub fn town(number: usize) -> Body {
        let county = &COUNTIES[0];
        let town = TOWNS[number % TOWNS.len()];
        let tail = if town.ends_with("街道") { "办事处" } else { "人民政府" };
        let name = format!("{}{}{town}{tail}", county[1], county[2]);
        Body { rank: Rank::Town, name, short: town.to_owned(), county }
    }

    /// How the body speaks of itself.
    pub fn we(&self) -> &'static str {
        match self.rank {
            Rank::Summary if self.county[2].ends_with('区') => "全区",
            Rank::Summary => "全县",
            _ if self.name.ends_with("委员会") => "我委",
            Rank::Department => "我局",
            Rank::Town if self.name.ends_with("办事处") => "我街道",
            Rank::Town => "我镇",
        }
    }
}
