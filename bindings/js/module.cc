// What the WebAssembly file has besides the C interface: it remembers that memory ran out. The
// program ends there then, as it has no exceptions, and the loader asks why.

#include <new>

namespace {

int ran_out = 0;

[[noreturn]] void give_up() {
  ran_out = 1;
  __builtin_trap();
}

struct Watch {
  Watch() { std::set_new_handler(give_up); }
} const watch;

}  // namespace

// Whether it was for want of memory that the program ended.
extern "C" int lilt_ran_out(void) { return ran_out; }
