//! Made-up sections in any number, with planted copies and with families that share a template.
//! The same seed and number always give the same section.
#![allow(dead_code)] // each user takes its part

/// A small generator of numbers (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, number: u64) -> Dice {
        Dice(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ x >> 31) >> 11) as usize % n.max(1)
    }

    /// One of the words between blanks.
    fn word<'w>(&mut self, words: &'w str) -> &'w str {
        let n = self.below(words.split(' ').count());
        words.split(' ').nth(n).unwrap_or_default()
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

/// How a section was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// Written anew.
    Alone,
    /// Written by a template that many use; which.
    Template(usize),
    /// Written by the body's own section of last year, half of it anew.
    Revised,
    /// A copy of another body's section.
    Copy(usize),
    /// A copy of the body's own section of last year.
    Kept,
    /// One of the many that took over one text and put their own name in.
    Crowd,
}

/// Years that a body reports for.
const YEARS: usize = 5;
/// Templates in use: the same number however many sections, so that their families grow with them.
const TEMPLATES: usize = 40;

/// Sections by number: those of a body follow one another, a year each.
pub struct Maker {
    pub seed: u64,
    /// Whether most write by one template and change little of it: the hardest case.
    pub alike: bool,
}

impl Maker {
    pub fn body(&self, number: usize) -> usize {
        number / YEARS
    }

    pub fn year(&self, number: usize) -> i32 {
        2019 + (number % YEARS) as i32
    }

    pub fn made(&self, number: usize) -> Made {
        let mut dice = Dice::new(self.seed, number as u64);
        let first = number.is_multiple_of(YEARS);
        if self.alike && dice.below(4) > 0 {
            return Made::Template(0);
        }
        match dice.below(100) {
            0..12 => match (0..9).map(|_| dice.below(number.max(1))).find(|of| {
                self.body(*of) != self.body(number)
                    && matches!(self.made(*of), Made::Alone | Made::Template(_))
            }) {
                Some(of) => Made::Copy(of),
                None => Made::Alone,
            },
            12..17 if !first => Made::Kept,
            17..27 if !first => Made::Revised,
            27..28 => Made::Crowd,
            28..60 => Made::Template(dice.below(TEMPLATES)),
            _ => Made::Alone,
        }
    }

    /// The text of a section.
    pub fn text(&self, number: usize) -> String {
        let sentences: Vec<String> =
            self.sentences(number).iter().map(|s| self.fill(s, number)).collect();
        let mut dice = Dice::new(self.seed ^ 5, number as u64);
        let opening = self.fill(dice.of(&OPENINGS), number);
        let closing = self.fill(dice.of(&CLOSINGS), number);
        format!("{opening}\n{}\n{closing}", lines(&sentences))
    }

    /// The sentences of a section, the body's name and the year still open.
    fn sentences(&self, number: usize) -> Vec<String> {
        let mut dice = Dice::new(self.seed ^ 1, number as u64);
        match self.made(number) {
            Made::Alone => written(8 + dice.below(20), &mut dice),
            Made::Template(template) => {
                let mut fixed = Dice::new(self.seed ^ 2, template as u64);
                let (least, most) = if self.alike { (5, 25) } else { (8, 60) };
                revised(written(18, &mut fixed), least, most, &mut dice)
            }
            Made::Revised => revised(self.sentences(number - 1), 25, 60, &mut dice),
            Made::Copy(of) => self.copied(of, &mut dice),
            Made::Kept => self.copied(number - 1, &mut dice),
            Made::Crowd => written(15, &mut Dice::new(self.seed ^ 3, 0)),
        }
    }

    /// A copy: word for word, with sentences in another order, with characters changed.
    fn copied(&self, of: usize, dice: &mut Dice) -> Vec<String> {
        let mut sentences = self.sentences(of);
        // a copy that forgot to change the name and the year
        if dice.below(4) == 0 {
            sentences = sentences.iter().map(|s| self.fill(s, of)).collect();
        }
        if dice.below(3) == 0 {
            for i in (1..sentences.len()).rev() {
                sentences.swap(i, dice.below(i + 1));
            }
        }
        let most = dice.of(&[0, 0, 4, 8, 12, 16, 20]);
        edited(sentences, most, dice)
    }

    fn fill(&self, sentence: &str, number: usize) -> String {
        let mut dice = Dice::new(self.seed ^ 4, self.body(number) as u64);
        let (first, second) = (dice.of(&FIRST), dice.of(&SECOND));
        let kind = dice.word(KINDS);
        sentence
            .replace("{o}", &format!("{first}{second}{kind}"))
            .replace("{y}", &self.year(number).to_string())
    }
}

/// Paragraphs of a few sentences.
fn lines(sentences: &[String]) -> String {
    sentences.chunks(3).map(|s| s.concat()).collect::<Vec<_>>().join("\n")
}

/// So many sentences of different patterns.
fn written(count: usize, dice: &mut Dice) -> Vec<String> {
    let mut patterns: Vec<&str> = PATTERNS.to_vec();
    (0..count).map(|_| phrase(patterns.swap_remove(dice.below(patterns.len())), dice)).collect()
}

/// Some sentences written anew, from `least` to `most` of a hundred.
fn revised(mut sentences: Vec<String>, least: usize, most: usize, dice: &mut Dice) -> Vec<String> {
    let share = least + dice.below(most - least);
    for sentence in &mut sentences {
        if dice.below(100) < share {
            *sentence = phrase(dice.of(&PATTERNS), dice);
        }
    }
    sentences
}

/// Of a thousand characters `most` changed, on average.
fn edited(mut sentences: Vec<String>, most: usize, dice: &mut Dice) -> Vec<String> {
    for sentence in &mut sentences {
        let chars = sentence.chars().map(|c| {
            let kept = c.is_ascii() || "，。、；：".contains(c);
            if !kept && dice.below(1000) < most { dice.of(&CHARS) } else { c }
        });
        *sentence = chars.collect();
    }
    sentences
}

/// A pattern with its slots filled, but for those of the body and the year.
fn phrase(pattern: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((slot, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        match slot {
            "n" => out.push_str(&(1 + dice.below(400)).to_string()),
            "who" => out.push_str(dice.word(WHO)),
            "where" => out.push_str(dice.word(WHERE)),
            "what" => out.push_str(dice.word(WHAT)),
            "how" => out.push_str(dice.word(HOW)),
            "aim" => out.push_str(dice.word(AIM)),
            "lack" => out.push_str(dice.word(LACK)),
            open => out.push_str(&format!("{{{open}}}")),
        }
        rest = behind;
    }
    out + rest
}

/// What the form asks for, and what therefore makes no copy.
const OPENINGS: [&str; 4] = [
    "",
    "根据《中华人民共和国政府信息公开条例》第五十条规定，现公布{o}{y}年政府信息公开工作年度报告。",
    "本报告按照《条例》要求编制，所列数据的统计期限自{y}年1月1日起至{y}年12月31日止。",
    "（一）主动公开情况",
];

const CLOSINGS: [&str; 3] =
    ["", "{y}年度{o}未发出收费通知，未收取信息处理费。", "{o}没有其他需要报告的事项。"];

const FIRST: [char; 12] = ['青', '白', '云', '永', '安', '新', '东', '龙', '石', '长', '金', '和'];
const SECOND: [char; 12] = ['岭', '河', '山', '阳', '平', '溪', '湖', '桥', '塘', '川', '宁', '泉'];

const KINDS: &str = "镇 乡 街道 县教育局 县民政局 县水利局 区司法局 市统计局";

const CHARS: [char; 16] = [
    '各', '再', '并', '已', '将', '均', '逐', '深', '全', '更', '新', '好', '实', '细', '强', '严',
];

const PATTERNS: [&str; 44] = [
    "{y}年，{o}围绕{what}开展工作，{how}，{aim}。",
    "{o}由{who}负责日常事务，遇到{what}方面的疑难，{how}。",
    "全年在{where}登出{what}类消息{n}条，较上一年多出{n}条。",
    "我们把{what}列入{who}的议事日程，每季度听取一次汇报，{how}。",
    "{who}对{where}的栏目逐个核对，改正差错{n}处，补上缺项{n}个。",
    "为{aim}，{o}在{where}开设专栏，集中登载{what}。",
    "{y}年共收到来信来电{n}件次，内容多与{what}有关，{how}。",
    "拟公开的材料先由经办人自查，再由{who}复核，最后由主要负责人签发，{how}。",
    "{o}邀请{n}名居民代表旁听会议，就{what}当面听取意见。",
    "围绕{what}举办讲座{n}场，{who}和村社干部共{n}人次参加。",
    "对{what}实行清单管理，列明责任人和时限，{how}。",
    "{where}的访问量达到{n}万人次，群众留言的答复率保持在高位，{aim}。",
    "针对{what}专业性强、读者不易看懂的情况，制作图解{n}期、短片{n}部。",
    "我们与{who}建立会商机制，凡涉及{what}的事项，{how}。",
    "{y}年修订了办事指南{n}份，删去重复材料{n}项，{aim}。",
    "依照保密审查的规定，{who}对{n}份文稿提出修改意见，未发生泄密。",
    "在便民大厅设置查阅点，配备电脑和纸质汇编，由{who}轮流值守，{how}。",
    "{o}把{what}与年度考核挂钩，占部门得分的百分之{n}。",
    "申请人提出的要求由{who}登记编号，与申请人电话沟通后再作答复，{how}。",
    "收到申请{n}件，其中涉及{what}的{n}件，均在期限之内办结。",
    "通过{where}征集对{what}的建议{n}条，采纳{n}条并说明理由。",
    "{who}每周抽查一次{where}，发现链接失效立即报修，{how}。",
    "对{y}年以前的旧文件进行清理，宣布失效{n}件，继续有效{n}件。",
    "{o}把{where}作为第一发布渠道，凡{what}有变动，当日更新。",
    "结合{what}，编印宣传册{n}本，送到各村各小区，{aim}。",
    "工作中仍有不足，主要是{lack}，{lack}。",
    "一些科室{lack}，影响了{what}的时效。",
    "{lack}，与群众的期待还有距离，需要{how}。",
    "下一年，{o}将{how}，力争在{what}上见到成效。",
    "今后我们打算从{what}入手，{how}，{aim}。",
    "针对上一年指出的{lack}这一问题，{who}已制定整改办法，{how}。",
    "{who}分赴{n}个村社指导，现场解答关于{what}的提问。",
    "{o}参加市里组织的评比，{where}得到肯定，{what}一项被列为范例。",
    "按季度通报各科室供稿数量，对连续两次落后的，{how}。",
    "我们在{where}公布了领导分工、内设机构、联系方式，{aim}。",
    "涉及{what}的会议，先行公布议题，会后公布结果和落实情况。",
    "全年因公开引起的争议{n}件，经{who}解释沟通，当事人表示理解。",
    "{what}的台账由专人保管，一事一档，{how}。",
    "{o}利用赶集日摆出展板{n}块，向群众讲解{what}，{aim}。",
    "{who}承担稿件编排，做到图文清楚、用语平实，{how}。",
    "对外公布的数字均注明来源和口径，与统计部门核对{n}次，{aim}。",
    "我们学习外地做法，派{who}前往交流，带回{what}方面的经验{n}条。",
    "{where}增设检索功能，可按主题、年份和发文单位查找{what}。",
    "为照顾老年人，{where}推出大字版面，并由{who}上门讲读{what}。",
];

const WHO: &str = "党政综合办公室 局办公室 政策法规科 宣传干事 各业务科室 驻村工作队 信息中心 分管副职 \
    纪检监察组 便民服务中心 档案管理员 社区网格员 财务股 机关党支部 法律顾问 \
    新招录的三名干部 督查专班 窗口工作人员 退休老同志组成的监督小组 包片领导";

const WHERE: &str = "门户网站 微信公众号 村务公开栏 镇区电子屏 政务微博 广播喇叭 便民服务大厅 \
    县融媒体中心客户端 小区公告墙 图书馆阅览室 短视频账号 政府公报 企业服务群 \
    乡村集市宣传点 热线电话平台 办事窗口的触摸屏 学校家长群 档案馆查阅室";

const WHAT: &str = "农村低保和临时救助 义务教育招生 老旧小区改造 河道治理 惠农补贴发放 财政收支 征地补偿 \
    食品摊点监管 公租房分配 村级道路养护 医保缴费 高标准农田建设 安全生产检查 就业培训 \
    养老服务 垃圾分类 防汛值守 行政许可流程 重大项目进度 人才招聘 政府采购 环境影响评价 \
    文物保护 残疾人扶持 退役军人优待 饮用水水质 公共停车场 森林防火 旅游景区整治 \
    小微企业贷款贴息";

const HOW: &str = "做到当日受理、三日内回复 坚持先审后发、一稿一审 重要事项报请会议研究决定 \
    对拿不准的内容请上级把关 完成一项销号一项 把责任落到具体岗位和个人 由专人跟踪到底 \
    定期回头看，防止问题反复 与年终评先评优直接挂钩 采取书面和口头两种方式告知结果 \
    邀请第三方进行评估 通过交叉检查互相促进 按照轻重缓急排出时间表 对迟办的科室点名批评 \
    既讲政策依据，也讲办理步骤 借助数据比对查漏补缺 以案例形式组织学习讨论 逐条逐项对照检查 \
    尽量使用群众听得懂的话 建立首问负责制 开辟绿色通道 为特殊群体提供代办 简化内部流转环节 \
    与兄弟单位共享成果 制定统一格式的文书模板 实行月调度、季通报 安排熟悉业务的同志坐班 \
    设立意见箱并按周开启";

const AIM: &str = "让群众少跑腿 方便企业及时了解政策 使办事过程看得见 减少不必要的误会 提高了办理效率 \
    取得了较好的社会反响 接受各方面监督 群众满意度稳步上升 为基层减轻负担 \
    形成了上下联动的局面 增进了相互信任 推动难题尽早解决 保证数据前后一致 促进了作风转变 \
    使政策真正落到实处 营造公平竞争的环境 为决策提供参考 避免重复建设和浪费 \
    让权力在阳光下运行 带动了整体水平的提高";

const LACK: &str = "专职人员偏少且流动频繁 个别栏目更新滞后 解读形式较为单一 对新规定的理解不够透彻 \
    部门之间配合不够紧密 答复文书说理不充分 线下渠道使用率不高 材料归档不够规范 \
    对申请人的真实需求了解不深 培训的针对性有待加强 数据口径前后不尽一致 检索功能不够好用 \
    基层村社重视程度不一 审核环节偏多导致发布偏慢 移动端页面显示不理想 历史文件电子化进度缓慢 \
    与群众互动的频次偏低 对舆情的反应不够迅速";
