//! Internationalized domain names: a domain in the ASCII form (A-labels, RFC 5890) that mail and the DNS use, by UTS 46 processing.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// `exämple.de` and `EXÄMPLE。DE` as `xn--exmple-cua.de`: lower case, and one form for all spellings of one domain. `None` where no
/// domain can be meant: a label is empty, too long, no valid A-label, or has a character that domains do not have.
pub fn to_ascii(domain: &str) -> Option<String> {
    // Longer texts are no domain names (RFC 1035 §2.3.4), also before they are encoded: each character takes at least a byte there.
    if domain.chars().nth(LONGEST).is_some() {
        return None;
    }
    let ascii = Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow, DnsLength::Verify);
    ascii.ok().map(std::borrow::Cow::into_owned)
}

/// An address whose domain is ASCII: `info@exämple.de` as `info@xn--exmple-cua.de`. One that is ASCII already is unchanged. `None`
/// where the domain cannot be encoded. What is before the `@` is never changed.
pub fn ascii_address(address: &str) -> Option<String> {
    match address.rsplit_once('@') {
        Some((local, domain)) if !domain.is_ascii() => Some(format!("{local}@{}", to_ascii(domain)?)),
        _ => Some(address.to_owned()),
    }
}

/// An address as mail carries it: with the domain in ASCII where it can be encoded, else as it is.
pub fn mail_address(address: &str) -> String {
    ascii_address(address).unwrap_or_else(|| address.to_owned())
}

/// Longest domain name, in characters.
const LONGEST: usize = 253;
