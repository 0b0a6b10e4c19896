#include "cli/cli.h"

int main(int argc, char** argv) { return lilt::cli::run(argc, argv); }
