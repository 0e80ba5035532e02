//! The engine as a page calls it: one request, one answer, both JSON in memory that both sides see. Everything else
//! is `bgsim::explore`.
//!
//! Only whole numbers of 32 bits cross over, so that the page needs no big ones. A panic ends the instance; what it
//! said is then the answer.

use bgsim::explore::Explorer;
use std::cell::RefCell;

thread_local! {
    static OUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static EXPLORER: RefCell<Explorer> = RefCell::new(Explorer::default());
}

fn put(answer: String) -> usize {
    OUT.with_borrow_mut(|out| {
        *out = answer.into_bytes();
        out.len()
    })
}

/// Must be called first.
#[unsafe(no_mangle)]
pub extern "C" fn init() {
    std::panic::set_hook(Box::new(|panic| {
        put(panic.to_string());
    }));
}

/// Room for a request of so many bytes, which [`call`] takes back.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(len: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; len].into_boxed_slice()).cast()
}

/// Answers the request that was written there; returns how long the answer is.
///
/// # Safety
/// `request` must come from [`alloc`] with this `len`, and is given up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn call(request: *mut u8, len: usize) -> usize {
    let request = std::ptr::slice_from_raw_parts_mut(request, len);
    // SAFETY: it is the box that `alloc` let go of, by the same pointer and length.
    let request = unsafe { Box::from_raw(request) };
    put(EXPLORER.with_borrow_mut(|explorer| explorer.answer(&String::from_utf8_lossy(&request))))
}

/// Where the last answer is.
#[unsafe(no_mangle)]
pub extern "C" fn out_ptr() -> *const u8 {
    OUT.with_borrow(|out| out.as_ptr())
}

/// How long it is.
#[unsafe(no_mangle)]
pub extern "C" fn out_len() -> usize {
    OUT.with_borrow(Vec::len)
}
