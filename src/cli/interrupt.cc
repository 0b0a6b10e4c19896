#include "cli/interrupt.h"

#include <csignal>
#include <initializer_list>

namespace lilt::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void on_signal(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void catch_interrupts() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(signal, on_signal) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

bool is_interrupted() { return interrupted != 0; }

}  // namespace lilt::cli
