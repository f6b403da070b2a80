//! Chinese names by how they are read.

use guanxi::text::pinyin::{Fit, Spelling, letters};

fn fit(name: &str, query: &str) -> Option<Fit> {
    Spelling::new(name, None).fit(&letters(query))
}

#[test]
fn full_initials_and_everything_between() {
    for query in ["wangxiaoming", "wxm", "wangxm", "wang xiao ming", "w x ming", "wxiaom"] {
        assert_eq!(fit("王小明", query), Some(Fit::Whole), "{query}");
    }
    for query in ["wang", "w", "wangx", "wang xiao"] {
        assert_eq!(fit("王小明", query), Some(Fit::Beginning), "{query}");
    }
    assert_eq!(fit("王小明", "xiaoming"), Some(Fit::Within));
    for query in ["wangm", "wangq", "xiaowang", "wangxiaomingx", ""] {
        assert_eq!(fit("王小明", query), None, "{query}");
    }
}

#[test]
fn surnames_that_are_read_their_own_way() {
    let cases = [
        ("单晓明", "shan"),
        ("曾华", "zeng"),
        ("仇英", "qiu"),
        ("解珍", "xie"),
        ("查良", "zha"),
        ("朴宇", "piao"),
        ("区文", "ou"),
        ("盖宁", "ge"),
        ("乐平", "yue"),
        ("缪斯", "miao"),
        ("黑土", "he"),
        ("秘书", "bi"),
        ("繁星", "po"),
        ("员工", "yun"),
        ("种田", "chong"),
        ("洗衣", "xian"),
        ("万俟明", "moqi"),
        ("尉迟明", "yuchi"),
        ("长孙明", "zhangsun"),
        ("翟明", "zhai"),
        ("覃明", "qin"),
        ("澹台明", "tantai"),
        ("令狐冲", "linghu"),
        ("那明", "na"),
        ("任明", "ren"),
        ("华明", "hua"),
    ];
    for (name, query) in cases {
        assert!(fit(name, query).is_some(), "{query} does not find {name}");
    }
}

#[test]
fn phonetic_overrides_what_would_be_guessed() {
    let spelling = Spelling::new("单晓明", Some("shan xiaoming"));
    assert_eq!(spelling.fit("shanxm"), Some(Fit::Whole));
    assert_eq!(spelling.fit("dan"), None);
    let foreign = Spelling::new("李", Some("lee"));
    assert_eq!(foreign.fit("lee"), Some(Fit::Whole));
    assert_eq!(foreign.fit("li"), None);
}

#[test]
fn mixed_names_and_very_long_ones() {
    assert_eq!(fit("Ada 王", "adaw"), Some(Fit::Whole));
    let long = "单".repeat(10_000);
    assert!(fit(&long, "shan").is_some());
    assert_eq!(Spelling::new(&long, Some(&"dan".repeat(10_000))).fit("zzz"), None);
}
