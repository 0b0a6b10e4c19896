// The program with MPI: `lilt train` learns in all processes that mpirun or srun started as one.
// All that knows of MPI is in this file. It carries bytes; it does no arithmetic.

#define OMPI_SKIP_MPICXX  // the bindings for C++, which nobody needs
#define MPICH_SKIP_MPICXX
#include <mpi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/environment_error.h"
#include "cli/cli.h"
#include "train/ranks.h"

namespace {

void check(int code, const char* what) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw lilt::EnvironmentError("MPI", std::string("cannot ") + what + ": " + text);
}

class MpiRanks : public lilt::train::Ranks {
 public:
  MpiRanks() {
    setenv("UCX_RNDV_THRESH", "128k", 0);  // see for_pieces(); MPICH on Debian uses UCX
    int level = 0;
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level), "begin");
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    int size = 1, rank = 0;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    size_ = static_cast<std::size_t>(size);
    rank_ = static_cast<std::size_t>(rank);
  }
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;
  ~MpiRanks() override { MPI_Finalize(); }

  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::size_t rank() const override { return rank_; }

  void exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    requests_.clear();
    for (const Incoming& i : in) {
      for_pieces(i.bytes, [&](std::byte* bytes, int count, MPI_Request* request) {
        return MPI_Irecv(bytes, count, MPI_BYTE, static_cast<int>(i.from), 0, MPI_COMM_WORLD,
                         request);
      });
    }
    for (const Outgoing& o : out) {
      for_pieces(o.bytes, [&](const std::byte* bytes, int count, MPI_Request* request) {
        return MPI_Isend(bytes, count, MPI_BYTE, static_cast<int>(o.to), 0, MPI_COMM_WORLD,
                         request);
      });
    }
    check(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE),
          "exchange bytes with the other processes");
  }

  void abandon(int code) override { MPI_Abort(MPI_COMM_WORLD, code); }

 private:
  // In pieces that MPI sends at once over a network. Before a longer message it waits until the
  // other side asks for it; that request stands behind what already goes the other way, so that the
  // two directions take turns, and an exchange twice the time.
  template <class Byte, class Start>
  void for_pieces(std::span<Byte> bytes, Start&& start) {
    constexpr std::size_t kPiece = 60 << 10;
    for (std::size_t begin = 0; begin < bytes.size(); begin += kPiece) {
      const std::size_t count = std::min(kPiece, bytes.size() - begin);
      requests_.push_back(MPI_REQUEST_NULL);
      check(start(bytes.data() + begin, static_cast<int>(count), &requests_.back()),
            "reach another process");
    }
  }

  std::size_t size_ = 1, rank_ = 0;
  std::vector<MPI_Request> requests_;
};

std::unique_ptr<lilt::train::Ranks> join_ranks() { return std::make_unique<MpiRanks>(); }

}  // namespace

int main(int argc, char** argv) { return lilt::cli::run(argc, argv, join_ranks); }
