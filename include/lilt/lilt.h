/* Lilt as a library for C and whatever can call C: compose folk tunes, check, transpose and convert
 * ABC notation. docs/embedding.md has examples.
 *
 * Text is UTF-8, given with its size in bytes; it need not end with a NUL. Requests, options and
 * figures are JSON. Nothing here prints, exits, reads or writes files, starts threads, or keeps a
 * global state; the locale plays no part.
 *
 * Every function that can fail gives a lilt_result, which the caller frees. Memory that ran out is
 * the one case in which it is NULL; all functions on a result take NULL and say so.
 *
 * Threads: a model may be used by any number of threads at once. Everything else belongs to one
 * thread at a time, but for lilt_cancel_now(). */
#ifndef LILT_LILT_H
#define LILT_LILT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library, such as "0.1.0". Lives for ever. */
const char* lilt_version(void);

/* --- Results */

typedef enum lilt_code {
  LILT_OK = 0,
  LILT_WRONG_INPUT = 1,   /* a text, tune or model that is not what it should be */
  LILT_WRONG_REQUEST = 2, /* a request or option that cannot be; lilt_result_field() says which */
  LILT_NO_MEMORY = 3,
  LILT_FAILED = 4 /* a mistake of the library's own */
} lilt_code;

typedef struct lilt_result lilt_result;

lilt_code lilt_result_code(const lilt_result* result);
/* What was asked for; of an error, a sentence that says what was expected and what was found. A NUL
 * follows, which the size does not count. Lives as long as the result does. */
const char* lilt_result_text(const lilt_result* result);
size_t lilt_result_size(const lilt_result* result);
/* Of an error: the member of the request or options that is wrong; else "". */
const char* lilt_result_field(const lilt_result* result);
void lilt_result_free(lilt_result* result);

/* --- Models */

typedef struct lilt_model lilt_model;

/* Reads a model file (.safetensors), of which it keeps a copy. Where the result is LILT_OK, *model
 * is a model, which the caller frees; else NULL. */
lilt_result* lilt_model_open(const void* bytes, size_t size, lilt_model** model);
/* A JSON object: parameters, dialects, knows_tunes (whether pieces can be told how new they are)
 * and provenance. */
lilt_result* lilt_model_describe(const lilt_model* model);
/* A model that is being composed with lives until that is over. NULL is allowed. */
void lilt_model_free(lilt_model* model);

/* --- Composing */

/* A wish to stop, which any thread may utter at any time. */
typedef struct lilt_cancel lilt_cancel;
lilt_cancel* lilt_cancel_new(void); /* NULL: no memory */
void lilt_cancel_now(lilt_cancel* cancel);
/* When no lilt_compose() is using it any more. NULL is allowed. */
void lilt_cancel_free(lilt_cancel* cancel);

/* Takes a piece: a JSON object with number, seed, title, abc, bits_per_note, drawn and, where the
 * request has "report": true, figures of likeness. The text is valid during the call. Gives 0 to go
 * on; anything else ends the composing. It must not throw, nor jump out. */
typedef int (*lilt_take_piece)(void* user, const char* piece, size_t size);

/* Composes what a request asks for, a JSON object such as {"key": "D", "meter": "6/8", "number":
 * 10, "seed": 7}: docs/commands.md describes its members, which are the options of `lilt compose`.
 * The same model and request give the same pieces everywhere. `take` is called for each piece in
 * order, by this thread; `cancel` may be NULL. The text of the result is {"pieces": …, "drawn": …,
 * "cancelled": …}. */
lilt_result* lilt_compose(const lilt_model* model, const char* request, size_t size,
                          lilt_take_piece take, void* user, const lilt_cancel* cancel);

/* The same in steps, for programs with a loop of their own: a page's, or an interpreter's. */
typedef struct lilt_session lilt_session;

/* Begins to compose what a request asks for. Where the result is LILT_OK, *session is a session,
 * which the caller frees; else NULL. */
lilt_result* lilt_session_begin(const lilt_model* model, const char* request, size_t size,
                                lilt_session** session);
/* Goes on by a character of each tune under way, which takes a millisecond or so. The text of the
 * result is the next piece, as lilt_take_piece gets it, or "" where none is finished yet. *goes_on
 * becomes 0 when there is nothing more to come, else 1. */
lilt_result* lilt_session_step(lilt_session* session, int* goes_on);
/* At any time: what is not composed by then will not be. NULL is allowed. */
void lilt_session_free(lilt_session* session);

/* --- Tunes in ABC notation. A text may have several where nothing else is said. */

/* What is wrong: a JSON array of objects with line, column, severity, code and message. */
lilt_result* lilt_check(const char* abc, size_t size);
/* The tunes in the one way of writing each (`lilt corpus clean`), wrong ones as well as can be. */
lilt_result* lilt_canonical(const char* abc, size_t size);
/* The tunes, sounding that many semitones higher, in canonical text. */
lilt_result* lilt_transpose(const char* abc, size_t size, int semitones);

/* Of the first tune. `options` is a JSON object or NULL: {"instrument": "fiddle", "tempo": 110}. */
lilt_result* lilt_musicxml(const char* abc, size_t size, const char* options, size_t options_size);
/* The bytes of a standard MIDI file. */
lilt_result* lilt_midi(const char* abc, size_t size, const char* options, size_t options_size);
/* A JSON object for players: title, tempo, and notes with their times, repeats played out, and with
 * their places in the text: bytes, where its lines end with LF. */
lilt_result* lilt_notes(const char* abc, size_t size, const char* options, size_t options_size);

#ifdef __cplusplus
}
#endif

#endif
