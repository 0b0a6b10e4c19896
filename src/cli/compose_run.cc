#include "cli/compose_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "abc/tune.h"
#include "cli/console.h"
#include "cli/interrupt.h"

namespace lilt::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostStreams = 16;  // of one thread: more share the weights no better

// Shared by all threads: hands out orders, collects candidates, gives tunes on in their order.
class Run {
 public:
  Run(const Workbench& bench, const ComposeOrder& order,
      const std::function<void(const ComposedTune&)>& take)
      : bench_(bench), order_(order), take_(take) {}

  std::optional<compose::Order> next() {
    const std::lock_guard lock(mutex_);
    if (failure_ || next_ == order_.tunes * order_.best_of || is_interrupted()) {
      return std::nullopt;
    }
    const std::size_t tune = next_ / order_.best_of, candidate = next_ % order_.best_of;
    ++next_;
    return compose::Order{order_.seed + tune, candidate, tune};
  }

  void done(const compose::Order& order, compose::Composition composition) {
    const double typicality = typicality_of(composition);
    const std::lock_guard lock(mutex_);
    figures_.drawn += static_cast<std::uint64_t>(composition.drawn);
    std::vector<Candidate>& candidates = waiting_[order.place];
    candidates.push_back({order.candidate, typicality, std::move(composition)});
    try {
      give_on();
    } catch (...) {  // a full disk, a closed pipe: the other threads have to stop
      failure_ = std::current_exception();
    }
  }

  void add_characters(std::uint64_t characters) {
    const std::lock_guard lock(mutex_);
    figures_.characters += characters;
  }

  ComposeFigures figures() {
    if (failure_) std::rethrow_exception(failure_);
    return figures_;
  }

 private:
  struct Candidate {
    std::size_t index;
    double typicality;
    compose::Composition composition;
  };

  double typicality_of(const compose::Composition& composition) const {
    if (bench_.style == nullptr || order_.best_of == 1) return 0;
    return bench_.style->typicality(abc::read_tune(composition.text).tune);
  }

  // All tunes whose turn it is and that are complete.
  void give_on() {
    while (!failure_ && !waiting_.empty() && waiting_.begin()->first == figures_.tunes &&
           waiting_.begin()->second.size() == order_.best_of) {
      ComposedTune tune;
      tune.number = ++figures_.tunes;
      tune.seed = order_.seed + tune.number - 1;
      tune.composition = best(waiting_.begin()->second);
      const bool is_new = bench_.plan.header.empty();
      tune.text = compose::finished(tune.composition.text, bench_.plan, tune.number,
                                    is_new ? fmt::format("Lilt, seed {}", tune.seed) : "");
      waiting_.erase(waiting_.begin());
      take_(tune);
    }
    show_progress();
  }

  // The best by the sum of its ranks in bits per note and in style, the first of equals.
  static compose::Composition best(std::vector<Candidate>& candidates) {
    std::ranges::sort(candidates, {}, &Candidate::index);
    const auto rank = [&](const auto& is_better) {
      return std::ranges::count_if(candidates, is_better);
    };
    const auto sum_of_ranks = [&](const Candidate& one) {
      const double bits = one.composition.bits_per_note();
      return rank([&](const Candidate& c) { return c.composition.bits_per_note() < bits; }) +
             rank([&](const Candidate& c) { return c.typicality > one.typicality; });
    };
    return std::ranges::min_element(candidates, {}, sum_of_ranks)->composition;
  }

  void show_progress() {
    const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
    if (elapsed < 1 || order_.tunes * order_.best_of == 1) return;
    const double share = static_cast<double>(figures_.tunes) / static_cast<double>(order_.tunes);
    status_.show(fmt::format("Composing {} {} of {}, {}", bar(share, 30), grouped(figures_.tunes),
                             grouped(order_.tunes), duration(elapsed)));
  }

  const Workbench& bench_;
  const ComposeOrder& order_;
  const std::function<void(const ComposedTune&)>& take_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::map<std::size_t, std::vector<Candidate>> waiting_;  // by the tune's place
  ComposeFigures figures_;
  std::exception_ptr failure_;
  Clock::time_point start_ = Clock::now();
  StatusLine status_;
};

compose::Acceptance acceptance_of(const Workbench& bench, const ComposeOrder& order) {
  compose::Acceptance acceptance;
  if (bench.titles != nullptr && bench.plan.title.empty() && bench.plan.header.empty()) {
    acceptance.refuses_title = [&](std::string_view title) {
      return !bench.titles->is_title_new(title);
    };
  }
  acceptance.refuses_tune = [&](const std::string& text) {
    if (text == bench.plan.original) return true;  // what is written anew is to be new
    if (bench.novelty == nullptr || order.newer_than == 0) return false;
    const likeness::NoveltyReport report = bench.novelty->report(abc::read_tune(text).tune);
    return bench.novelty->percentile(report) < order.newer_than;
  };
  return acceptance;
}

}  // namespace

Result<ComposeFigures> compose_tunes(const Workbench& bench, const ComposeOrder& order,
                                     const std::function<void(const ComposedTune&)>& take) {
  const std::size_t all = order.tunes * order.best_of;
  const std::size_t threads = std::min(order.threads, all);
  const std::size_t streams = std::min(kMostStreams, (all + threads - 1) / threads);
  std::vector<compose::Composer> composers;
  for (std::size_t i = 0; i < threads; ++i) {
    Result<compose::Composer> composer = compose::Composer::of(
        bench.weights, bench.vocabulary, bench.alphabet, bench.plan, bench.writing, streams);
    if (!composer) return composer.error();
    composers.push_back(*std::move(composer));
  }
  const compose::Acceptance acceptance = acceptance_of(bench, order);
  Run run(bench, order, take);
  const auto work = [&](compose::Composer& composer) {
    composer.compose(
        acceptance, [&] { return run.next(); },
        [&](const compose::Order& of, compose::Composition composition) {
          run.done(of, std::move(composition));
        });
    run.add_characters(composer.characters());
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back(work, std::ref(composers[i]));
    work(composers[0]);
  }
  return run.figures();
}

}  // namespace lilt::cli
