//! The words that the generated people are made of. Surnames, firms and handles are put together from parts, so that nobody
//! in particular is meant.

/// Every list, cut into words once.
pub struct Words {
    pub given: Vec<&'static str>,
    pub surname_begins: Vec<&'static str>,
    pub surname_ends: Vec<&'static str>,
    pub accented: Vec<&'static str>,
    pub han_surnames: Vec<(&'static str, &'static str)>,
    pub han_given: Vec<(&'static str, &'static str)>,
    pub handle_begins: Vec<&'static str>,
    pub handle_ends: Vec<&'static str>,
    pub firm_begins: Vec<&'static str>,
    pub firm_ends: Vec<&'static str>,
    pub titles: Vec<&'static str>,
    pub plain_tags: Vec<&'static str>,
    pub fairs: Vec<&'static str>,
    pub descriptions: Vec<&'static str>,
    pub sentences: Vec<&'static str>,
    pub han_sentences: Vec<&'static str>,
    pub things: Vec<&'static str>,
    pub places: Vec<&'static str>,
}

impl Words {
    pub fn new() -> Self {
        let words = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
        let phrases = |text: &'static str| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>();
        let pairs = |text: &'static str| text.split_whitespace().filter_map(|pair| pair.split_once('=')).collect::<Vec<_>>();
        Self {
            given: words(GIVEN),
            surname_begins: words(SURNAME_BEGINS),
            surname_ends: words(SURNAME_ENDS),
            accented: words(ACCENTED),
            han_surnames: pairs(HAN_SURNAMES),
            han_given: pairs(HAN_GIVEN),
            handle_begins: words(HANDLE_BEGINS),
            handle_ends: words(HANDLE_ENDS),
            firm_begins: words(FIRM_BEGINS),
            firm_ends: words(FIRM_ENDS),
            titles: phrases(TITLES),
            plain_tags: phrases(PLAIN_TAGS),
            fairs: words(FAIRS),
            descriptions: phrases(DESCRIPTIONS),
            sentences: phrases(SENTENCES),
            han_sentences: phrases(HAN_SENTENCES),
            things: phrases(THINGS),
            places: words(PLACES),
        }
    }
}

const GIVEN: &str =
    "Ada Agnes Albin Alma Amara Anders André Anouk Antonín Arlo Asha Astrid Aurélie Bastian Beatrix Benedikt Björn
    Brigid Bruno Caleb Camille Carmen Casimir Cecily Céline Clara Clément Conrad Cora Dario Delia Désirée Dmitri Dora Edda Edgar
    Elena Elias Élodie Emil Esther Fabian Faye Felix Fiona Flora Florian François Freja Gabriel Gemma Gisela Gustav Hanna Hannes
    Hektor Helga Hugo Ida Ilse Imogen Inés Ines Irina Isolde Ivo Jakub Jana Jasper Jeanne João Joaquín Jonas José Judith Jürgen
    Kaspar Katya Keziah Kirsten Klára Lars Laurens Lena Leopold Liesel Linus Loïs Lorenz Louise Lucía Ludwig Łukasz Mabel Magda
    Malin Marek Margot Marius Marta Matěj Maud Maximilian Meret Mina Miriam Moritz Nadia Naomi Nela Nils Noémie Nora Oda Odile
    Olga Oona Oskar Otto Paloma Pavel Petra Philippa Pia Quentin Quinn Rafael Ramona Rasmus Renata René Rhea Robin Roland Rosa
    Ruben Runa Sabine Saoirse Selma Severin Sibyl Signe Silvan Simon Søren Stella Sven Sylvie Tamsin Tereza Thea Theo Tilda Tomáš
    Ulla Ulrich Una Ursel Valentin Vera Viktor Viola Walter Wanda Wilma Xenia Yara Yusuf Yves Zelda Zoë Zora";

const SURNAME_BEGINS: &str = "Ash Alder Amber Apple Arrow Barley Beck Birch Black Bram Bright Brook Cald Carr Cask Chal Clover
    Cob Copper Cran Dapple Dun East Elder Elm Fair Fal Fen Fern Ferr Finch Flint Fox Gar Glen Gold Goose Grove Hal Harrow Hart
    Hazel Heather Hem Hollow Horn Ivy Juniper Kel Kest Kiln Lamb Larch Lark Linden Locke Maple Marl Mead Mill Mor Moss Nettle
    Nut Oak Otter Pad Pear Pell Pen Pepper Quill Rain Raven Reed Rook Rose Rowan Rush Rye Saddle Sallow Sedge Shale Silver Sky
    Sparrow Stone Summer Swan Tallow Tan Teal Thistle Thorn Timber Under Vale Vin Wal War Weather Wick Willow Wind Winter Wren
    Yarrow Yew";

const SURNAME_ENDS: &str = "acre bank bourne bridge brook by combe cote croft dale den don ell fold ford gate grove ham hart hill
    hollow holm hurst kin lake land ley low man mere mont moor more ness quist ridge rose row sen shaw side stead stone ton
    tree vale ville ward water way well wick win wood worth yard";

const ACCENTED: &str =
    "Almarchán Åkerlind Bélanval Bjørnebæk Brázdovec Čapkovan Çelikdenli Dvořanek Étournel Fjällbrand Fröhlingen
    Gärtnerich Gonçalvim Håkonrud Højbækken Hrušovan Ibáñezal Jarzębik Kärnholm Kőszeghin Lefèvrier Łąkowik Løvenskog Mäkirinne
    Müßigbrot Nádvorník Núñezal Ødegrand Ölandholm Peñarrubial Quiñonel Rønnebæk Růžičkovan Ségolier Şahindağ Škvorčík Strömdal
    Täubnerin Újvárin Vålbergen Vasseurin Wójcinek Yıldızhan Żurawik Zúñigal";

const HAN_SURNAMES: &str =
    "王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 黄=Huang 赵=Zhao 吴=Wu 周=Zhou 徐=Xu 孙=Sun 马=Ma 朱=Zhu
    胡=Hu 郭=Guo 何=He 林=Lin 高=Gao 罗=Luo 郑=Zheng 梁=Liang 谢=Xie 宋=Song 唐=Tang 许=Xu 韩=Han 冯=Feng 邓=Deng 曹=Cao 彭=Peng
    曾=Zeng 肖=Xiao 田=Tian 董=Dong 袁=Yuan 潘=Pan 蒋=Jiang 蔡=Cai 余=Yu 杜=Du 叶=Ye 程=Cheng 苏=Su 魏=Wei 吕=Lv 丁=Ding 任=Ren
    沈=Shen 姚=Yao 卢=Lu 姜=Jiang 崔=Cui 钟=Zhong 谭=Tan 陆=Lu 汪=Wang 范=Fan 金=Jin 石=Shi 廖=Liao 贾=Jia 夏=Xia 韦=Wei 方=Fang
    邹=Zou 单=Shan 欧阳=Ouyang 司徒=Situ 诸葛=Zhuge";

const HAN_GIVEN: &str = "小=xiao 明=ming 伟=wei 芳=fang 娜=na 敏=min 静=jing 丽=li 强=qiang 磊=lei 军=jun 洋=yang 勇=yong 艳=yan 杰=jie
    娟=juan 涛=tao 超=chao 秀=xiu 霞=xia 平=ping 刚=gang 桂=gui 英=ying 华=hua 文=wen 玉=yu 兰=lan 建=jian 国=guo 春=chun 梅=mei
    海=hai 燕=yan 红=hong 云=yun 雪=xue 雨=yu 晨=chen 阳=yang 思=si 佳=jia 欣=xin 怡=yi 子=zi 涵=han 梓=zi 宇=yu 浩=hao 然=ran
    博=bo 志=zhi 远=yuan 天=tian 晓=xiao 东=dong 南=nan 山=shan 川=chuan 林=lin 森=sen 鑫=xin 淼=miao 心=xin 月=yue 星=xing 辰=chen
    若=ruo 曦=xi 诗=shi 琪=qi 瑶=yao 彤=tong 桐=tong 宁=ning 安=an 康=kang 乐=le 立=li 成=cheng 功=gong 新=xin 民=min 永=yong
    福=fu 喜=xi 庆=qing 松=song 柏=bo 竹=zhu 荷=he 莲=lian 蕾=lei 薇=wei 珊=shan 珍=zhen 珠=zhu 翔=xiang 飞=fei 鹏=peng 龙=long";

const HANDLE_BEGINS: &str = "amber badger beacon biscuit blue bramble button cinder cloud cobalt comet copper dusty ember fern
    fizzy fuzzy ginger happy hazy indigo jolly kitty lemon little lucky lunar maple marble mellow midnight misty mossy nimble
    noodle ocean panda paper pebble pepper pixel plum quiet rusty salty sleepy solar spicy sunny tiny turbo velvet wandering
    wild windy";

const HANDLE_ENDS: &str =
    "badger bean bear bird biscuit boat brush bun cat cloud cookie crane crow deer dragon duck fern finch fish
    fox frog ghost goat hare heron kat kite koala lamp leaf lynx moth newt noodle otter owl panda pebble penguin pickle piper
    puffin rabbit raven robin rocket seal snail sparrow squid tea teapot tiger turnip turtle walrus whale wolf wombat";

const FIRM_BEGINS: &str = "Anchor Bamboo Beacon Birdcage Blue Brass Bright Candle Canal Cedar Compass Copper Coral Cotton Crane
    Crystal Dragonfly Eastern Ember Falcon Fern Firefly Glasshouse Golden Harbour Heron Highland Horizon Ivory Jade Juniper
    Kingfisher Lantern Lotus Lumen Magnolia Marble Meridian Midland Moonstone Northern Orchid Otter Panda Papercut Parallel
    Peacock Pebble Pelican Phoenix Pine Prism Quarry River Saffron Sandstone Silver Sparrow Sundial Thimble Tramway Velvet
    Willow";

const FIRM_ENDS: &str =
    "Acoustics Architects Bakery Books Bicycles Cameras Carpets Catering Ceramics Clinic Clockworks Construction
    Consulting Design Electric Events Fabrics Films Foods Forwarding Furniture Gallery Gardens Glass Hotels Instruments Interiors
    Joinery Laboratories Lighting Logistics Machines Media Museum Optics Packaging Paints Papers Partners Pharmacy Plastics Press
    Robotics Rugs School Shipping Software Solar Stationery Studio Supplies Textiles Theatre Tools Toys Trading Travel Tyres
    Ventures Watches Works";

const TITLES: &str = "Purchasing manager
    Managing director
    Head of design
    Sales director
    Project lead
    Store manager
    Chief engineer
    Quality inspector
    Founder
    Co-founder and cook
    Interior architect
    Export manager
    Office manager
    Head of logistics
    Journalist
    Curator
    Lighting designer
    Shop owner
    Translator
    Accountant
    Set designer
    Production planner
    Professor of optics
    Key account manager
    Vice president, operations
    采购经理
    总经理
    设计师
    Trainee";

const PLAIN_TAGS: &str = "client
    supplier
    friend
    follow-up
    boston
    london
    press
    family
    architect
    do-not-contact
    newsletter
    供应商
    installer
    vip
    shanghai
    friend/school
    client/retail
    berlin
    老同学
    distributor
    paris
    hamburg
    sends samples
    client/hospitality
    investor
    neighbour
    shenzhen
    客户
    choir
    running-club
    trade press
    client/museum
    copenhagen
    freelance
    朋友
    speaks German
    sydney
    prague
    client/theatre
    家人
    ☕
    同事
    osaka
    book club
    met online
    client/retail/flagship
    logistics
    重要
    toronto
    jury
    lisbon
    tennis
    潜在客户
    landlord
    alumni
    chess
    speaker
    媒体
    volunteer
    travel";

const FAIRS: &str =
    "ces canton-fair light-build design-week book-fair maker-faire toy-fair hotel-expo glass-days paper-world open-studio
    harbour-market winter-salon retail-forum optics-summit build-expo garden-show music-fair food-expo print-days craft-week
    alumni-dinner summer-party book-launch trade-mission robot-show textile-fair travel-mart photo-days film-forum";

const DESCRIPTIONS: &str = "Buys LED panels. Prefers voice messages.
    Answers within the hour, except on Fridays.
    Knows everybody in the trade and tells nobody.
    Wants prices in euro, delivered.
    Never by phone.
    Collects old street lamps, has a cellar full of them.
    喜欢喝茶，说话很慢。
    Runs the family firm with two sisters.
    Has two children and a very large dog.
    Decides alone, but asks the engineers first.
    Met twice, remembered both times.
    Good taste, small budget.
    The one to ask about customs papers.
    Pays late, always pays.
    Sends postcards instead of mail.
    Quiet in meetings, quick afterwards.
    老朋友介绍的，很可靠。
    \"Moves house every year: check the address.\"";

const SENTENCES: &str = "{link} introduced us over lunch in {place}.
    Asked for {thing}, and for a price by the end of the month.
    Sent {thing} last week; no answer yet. {tag}
    We spoke for an hour about {thing} and got nowhere, pleasantly.
    Wants to see {thing} before the summer, {link} has the last one.
    Do not mention {thing}, it is a sore point since the flood.
    Now in {place}, back in the autumn.
    The brochure went out with {link}, three copies. {tag}
    Shares an office with {link} and a parrot.
    Remembers every price since 2009, better than our own books.
    Will be in {place} for the fair and has an evening free.
    The samples flicker at half load, says the laboratory; a new driver is on its way.
    Owes us a dinner, or we owe one: see the letter of March.
    Birthday is kept quiet. Flowers are welcome, {thing} even more so.
    Left the old firm in spring and took {link} along.
    Prefers the early train to {place}, and meetings before ten.
    Called about {thing}: wrong colour, right size. {tag}
    Reads everything twice and signs once.
    Their warehouse in {place} burnt down in 2019, the new one has sprinklers and a view.
    Ask {link} first, they went to school together.
    Has promised {thing} to {link} for years.
    Paints on Sundays, mostly boats.
    The contract runs until December and renews itself unless somebody remembers.
    Came to the open day with {link}, stayed until we locked up. {tag}
    A marzipan pig every New Year, without fail.
    The invoice was for {thing}, the delivery was not.";

const HAN_SENTENCES: &str = "上次在{place}见面，聊了很久。{tag}
    {link}介绍认识的，说话很直接。
    想要{thing}的报价，月底之前发过去。
    喜欢用微信，不喜欢打电话。
    下个月去{place}出差，可以一起吃饭。{tag}
    公司搬到了新的地方，地址要再问一下。
    和{link}是大学同学，关系很好。";

const THINGS: &str = "the matt panels
    a sample box
    forty metres of track
    the small brass lamp
    a drawing in millimetres
    the autumn catalogue
    a second offer
    twelve crates of glass
    the long cable
    a signed copy
    the missing invoice
    a warmer white
    the old price list
    two tickets
    a translation
    the spare keys
    a reference from a museum
    the green umbrella
    a pallet of bulbs
    the dimmer that hums";

const PLACES: &str =
    "Antwerp Austin Bergen Berlin Bologna Boston Bristol Chengdu Chicago Copenhagen Dublin Dresden Edinburgh Geneva
    Ghent Graz Guangzhou Hamburg Hangzhou Helsinki Kraków Kyoto Leeds Lisbon London Lyon Malmö Milan Montréal Munich Nanjing
    Nantes Osaka Oslo Porto Prague Reykjavík Rotterdam Shanghai Shenzhen Suzhou Tampere Toronto Turin Valencia Vienna Wrocław
    Zürich";
