// The model: each next token follows from the last one, and from which words came at all. Its weights are three square
// matrices: what a token is embedded as, what follows it, and what its presence makes likelier at the start of a reply.
// All arithmetic runs on the GPU, in the kernels of kernels.h.
#include "ffi.h"
#include "kernels.h"

#define KERNELS (sizeof(kernels) / sizeof(kernels[0]))
#define GROUP 64

static Function *prepared[KERNELS];

typedef struct {
  Object object;
  Tensor *rows, *sum;
  int64_t size, length, appended;
} KvState;

static const char metadata[] =
    "{\"params\": [{\"name\": \"embed\"}, {\"name\": \"next\"}, {\"name\": \"topic\"}],"
    " \"prefill_chunk_size\": 64, \"kv_state_kind\": \"kv_cache\"}";

// `buffers` in the order of the kernel's bindings, then its whole numbers; one thread for each of `threads`.
static int run_kernel(const char *name, Tensor *const *buffers, int64_t first, int64_t second, int64_t threads) {
  for (uint32_t at = 0; at < KERNELS; at++) {
    if (!equal(kernels[at].name, name)) continue;
    if (prepared[at] == NULL) return fail("A kernel was not prepared.");
    Any arguments[8], result = {.type = TYPE_NONE};
    int count = 0;
    for (; count < kernels[at].buffers; count++)
      arguments[count] = (Any){.type = TYPE_POINTER, .pointer = buffers[count]->data};
    arguments[count++] = (Any){.type = TYPE_INT, .integer = first};
    arguments[count++] = (Any){.type = TYPE_INT, .integer = second};
    arguments[count++] = (Any){.type = TYPE_INT, .integer = (threads + GROUP - 1) / GROUP};
    return call_function(prepared[at], arguments, count, &result);
  }
  return fail("There is no such kernel.");
}

static Tensor *gpu_tensor(int64_t rows, int64_t columns, char code) {
  int64_t shape[] = {rows, columns};
  return new_tensor(shape, 2, code, 32, DEVICE_WEBGPU);
}

static Tensor *parameter(const Any *list, uint32_t at) { return (Tensor *)((Array *)list->object)->items[at].object; }

void free_kv_state(Object *state) {
  KvState *kv = (KvState *)state;
  if (kv->rows != NULL) drop(&kv->rows->object);
  if (kv->sum != NULL) drop(&kv->sum->object);
}

static int get_metadata(Object *bound, Any *arguments, int count, Any *result) {
  return_string(result, metadata);
  return 0;
}

// --- keys and values: here the embedded tokens themselves

static int create_kv_cache(Object *bound, Any *arguments, int count, Any *result) {
  KvState *kv = new_object(TYPE_KV_STATE, sizeof(KvState));
  kv->size = ((Shape *)arguments[1].object)->values[0];
  return_object(result, kv);
  return 0;
}

static int kv_clear(Object *bound, Any *arguments, int count, Any *result) {
  ((KvState *)arguments[0].object)->length = 0;
  return 0;
}

static int kv_begin(Object *bound, Any *arguments, int count, Any *result) {
  KvState *kv = (KvState *)arguments[0].object;
  kv->appended = ((Shape *)arguments[2].object)->values[0];
  if (kv->length + kv->appended > kv->size) return fail("The context window is full.");
  return 0;
}

static int kv_end(Object *bound, Any *arguments, int count, Any *result) {
  KvState *kv = (KvState *)arguments[0].object;
  kv->length += kv->appended;
  return 0;
}

// Takes back the last tokens.
static int kv_pop(Object *bound, Any *arguments, int count, Any *result) {
  KvState *kv = (KvState *)arguments[0].object;
  int64_t popped = integer_of(&arguments[2]);
  if (popped > kv->length) return fail("There are not so many tokens.");
  kv->length -= popped;
  return 0;
}

static int kv_nothing(Object *bound, Any *arguments, int count, Any *result) { return 0; }

// --- the forward pass

static int embed(Object *bound, Any *arguments, int count, Any *result) {
  Tensor *tokens = (Tensor *)arguments[0].object, *table = parameter(&arguments[1], 0);
  int64_t width = table->shape[1], numbers = tokens->shape[0] * width;
  Tensor *rows = gpu_tensor(tokens->shape[0], width, 2);
  if (rows == NULL) return -1;
  return_object(result, rows);
  Tensor *buffers[] = {tokens, table, rows};
  return run_kernel("embed_tokens", buffers, width, numbers, numbers);
}

static int forward(Object *bound, Any *arguments, int count, Any *result) {
  Tensor *rows = (Tensor *)arguments[0].object;
  KvState *kv = (KvState *)arguments[1].object;
  int64_t added = rows->shape[1], width = rows->shape[2];
  if (kv->rows == NULL) {
    kv->rows = gpu_tensor(kv->size, width, 2);
    kv->sum = gpu_tensor(1, width, 2);
  }
  int64_t shape[] = {1, 1, width};
  Tensor *logits = new_tensor(shape, 3, 2, 32, DEVICE_WEBGPU);
  if (kv->rows == NULL || kv->sum == NULL || logits == NULL) return -1;
  Array *returned = new_array(2);
  return_object(&returned->items[0], logits);
  return_object(&returned->items[1], kv);
  retain(&kv->object);
  return_object(result, returned);
  Tensor *append[] = {rows, kv->rows}, *add_up[] = {kv->rows, kv->sum};
  Tensor *predict[] = {rows, kv->sum, parameter(&arguments[2], 1), parameter(&arguments[2], 2), logits};
  if (run_kernel("append_rows", append, kv->length * width, added * width, added * width) != 0) return -1;
  if (run_kernel("add_up_rows", add_up, width, kv->length + added, width) != 0) return -1;
  return run_kernel("predict_next", predict, width, (added - 1) * width, width);
}

// --- from logits to a token

static int apply_bitmask(Object *bound, Any *arguments, int count, Any *result) {
  Tensor *logits = (Tensor *)arguments[0].object;
  Tensor *buffers[] = {logits, (Tensor *)arguments[2].object};
  return run_kernel("mask_tokens", buffers, logits->shape[1], 0, logits->shape[1]);
}

static int softmax(Object *bound, Any *arguments, int count, Any *result) {
  Tensor *logits = (Tensor *)arguments[0].object;
  Tensor *probabilities = new_tensor(logits->shape, 3, 2, 32, DEVICE_WEBGPU);
  if (probabilities == NULL) return -1;
  return_object(result, probabilities);
  Tensor *buffers[] = {logits, (Tensor *)arguments[1].object, probabilities};
  return run_kernel("soften", buffers, logits->shape[2], 0, 1);
}

static int sort_probabilities(Object *bound, Any *arguments, int count, Any *result) {
  Tensor *probabilities = (Tensor *)arguments[0].object;
  int64_t width = probabilities->shape[1];
  Tensor *sorted = gpu_tensor(1, width, 2), *order = gpu_tensor(1, width, 0);
  if (sorted == NULL || order == NULL) return -1;
  Array *returned = new_array(2);
  return_object(&returned->items[0], sorted);
  return_object(&returned->items[1], order);
  return_object(result, returned);
  Tensor *buffers[] = {probabilities, sorted, order};
  return run_kernel("rank", buffers, width, 0, width);
}

static int sample(Object *bound, Any *arguments, int count, Any *result) {
  Tensor *sorted = (Tensor *)arguments[0].object, *order = (Tensor *)arguments[1].object;
  int64_t shape[] = {1};
  Tensor *token = new_tensor(shape, 1, 0, 32, DEVICE_WEBGPU);
  if (token == NULL) return -1;
  return_object(result, token);
  Tensor *buffers[] = {sorted, order, (Tensor *)arguments[2].object, (Tensor *)arguments[4].object, token};
  return run_kernel("pick", buffers, sorted->shape[1], 0, 1);
}

// --- kernels

static int list_kernels(Object *bound, Any *arguments, int count, Any *result) {
  return_string(result, kernel_list);
  return 0;
}

static int get_shader(Object *bound, Any *arguments, int count, Any *result) {
  for (uint32_t at = 0; at < KERNELS; at++)
    if (equal(kernels[at].name, text_of(&arguments[0]))) return_string(result, kernels[at].code);
  return 0;
}

static int keep_kernel(Object *bound, Any *arguments, int count, Any *result) {
  for (uint32_t at = 0; at < KERNELS; at++) {
    if (!equal(kernels[at].name, text_of(&arguments[0]))) continue;
    retain(arguments[1].object);
    prepared[at] = (Function *)arguments[1].object;
  }
  return 0;
}

const Entry model_functions[] = {
    {"_metadata", get_metadata},
    {"create_tir_paged_kv_cache", create_kv_cache},
    {"vm.builtin.kv_state_clear", kv_clear},
    {"vm.builtin.kv_state_add_sequence", kv_nothing},
    {"vm.builtin.kv_state_remove_sequence", kv_nothing},
    {"vm.builtin.kv_state_popn", kv_pop},
    {"vm.builtin.kv_state_begin_forward", kv_begin},
    {"vm.builtin.kv_state_end_forward", kv_end},
    {"embed", embed},
    {"prefill", forward},
    {"decode", forward},
    {"apply_bitmask_inplace", apply_bitmask},
    {"softmax_with_temperature", softmax},
    {"argsort_probs", sort_probabilities},
    {"sample_with_top_p", sample},
    {"webgpu.get_fmap", list_kernels},
    {"webgpu.get_shader", get_shader},
    {"webgpu.update_prebuild", keep_kernel},
    {NULL, NULL},
};
