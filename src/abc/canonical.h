// One way of writing each tune: what models learn, and what two spellings of the same tune have in
// common. The music is unchanged: the same notes at the same times, repeats played out.
#pragma once

#include <string>
#include <vector>

#include "abc/tune.h"

namespace lilt::abc {

struct CanonicalOptions {
  // Drop the fields that are not music: all of the header but X, T, R, M, L and K.
  bool music_only = false;
  // Keep decorations and annotations, which the dialect that Lilt writes does not have.
  bool keep_marks = false;
  // Lines of four bars, beams as the metre wants them and one chord symbol a place, whatever the
  // writer's are: what is left to chance then is music.
  bool regular = false;
  // Spell notes, keys and chord symbols by respell(); otherwise they stay as they are.
  bool respelt = true;
  // The unit note length.
  Ticks unit = kWholeNote / 8;
  // Write this in the X: field; 0 keeps what is there.
  int number = 0;
};

// The canonical text:
// - header X T C O A G D B F H N S Z R M L K in this order, then the music; no comments
// - unit note length 1/8; lengths n, /2, n/2, /4 …; 3:1 pairs of unit notes with > and <
// - keys with at most six sharps or flats, notes and chord symbols spelt by respell(), accidentals
//   only where they are needed
// - every repeat with its |:; :: for two that meet; |1 … :|2 for endings, [1 within a bar; ||
// within
//   a tune and |] or :| at its end; key, metre and unit changes on lines of their own at the
//   beginning of a line and inline elsewhere, behind the bar line
// - lines as the writer broke them, at bar lines; a tune with a line of more than 10 bars gets new
//   ones of 4
// - no space but one between notes where the writer's beams part
// - before a note: chord symbols, marks, tuplet, slur, grace notes; chords from the lowest note up
// A part order (P: in the header) that names every part is written out, where the parts fit
// together so; otherwise all stays in the order in which it stands. Of a tune with several voices
// each has its V: line. A tune that is not correct is written as well as it can be.
[[nodiscard]] std::string canonical_text(const Tune& tune, const CanonicalOptions& options = {});

// Where a note, chord or rest stands in the canonical text (the note itself, without what belongs
// to it), and where it stood in the tune's own. One that is written as tied notes is one; of parts
// that are written out each time has its own.
struct Copied {
  Extent to, from;
};
struct CanonicalWriting {
  std::string text;
  std::vector<Copied> copied;  // in the order of the text
};
[[nodiscard]] CanonicalWriting write_canonically(const Tune& tune,
                                                 const CanonicalOptions& options = {});

// What is written behind a note of that length: "" for the unit note length, "2", "3/2", "/2".
[[nodiscard]] std::string length_text(Ticks length, Ticks unit);

}  // namespace lilt::abc
