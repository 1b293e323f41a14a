// Objects, functions and their calls: what every program of TVM brings along, in its smallest form.
#include "ffi.h"

#define EXPORT(name) __attribute__((export_name(#name)))
#define SCRIPTS 16

__attribute__((import_module("env"), import_name("TVMFFIWasmSafeCall"))) int call_script(
    int32_t index, Any *arguments, int count, Any *result);
__attribute__((import_module("env"), import_name("TVMFFIWasmFunctionDeleter"))) void delete_script(int32_t index);

static const char *last_error = "";
static struct {
  char *name;
  Function *function;
} scripts[SCRIPTS];

static char *copy_text(const char *text, uint32_t size) {
  char *copy = allocate(size + 1);
  memcpy(copy, text, size);
  return copy;
}

int fail(const char *message) {
  last_error = message;
  return -1;
}

// --- objects

void *new_object(int32_t type, uint32_t size) {
  Object *object = allocate(size);
  object->references = 1;
  object->type = type;
  return object;
}

void retain(Object *object) { object->references++; }

void drop(Object *object) {
  if (object == NULL || --object->references > 0) return;
  if (object->type == TYPE_STRING || object->type == TYPE_BYTES) release((void *)((String *)object)->bytes.data);
  if (object->type == TYPE_SHAPE) release(((Shape *)object)->values);
  if (object->type == TYPE_TENSOR) free_tensor((Tensor *)object);
  if (object->type == TYPE_KV_STATE) free_kv_state(object);
  if (object->type == TYPE_MODULE) drop((Object *)((Module *)object)->parameters);
  if (object->type == TYPE_ARRAY) {
    Array *array = (Array *)object;
    for (uint32_t at = 0; at < array->size; at++)
      if (array->items[at].type >= 64) drop(array->items[at].object);
    release(array->items);
  }
  if (object->type == TYPE_FUNCTION) {
    Function *function = (Function *)object;
    drop(function->bound);
    if (function->script != 0) delete_script(function->script);
  }
  release(object);
}

void return_object(Any *result, void *object) {
  result->type = ((Object *)object)->type;
  result->padding = 0;
  result->integer = 0;
  result->object = object;
}

static String *new_string(int32_t type, const char *data, uint32_t size) {
  String *string = new_object(type, sizeof(String));
  string->bytes = (Bytes){copy_text(data, size), size};
  return string;
}

void return_string(Any *result, const char *text) {
  return_object(result, new_string(TYPE_STRING, text, length(text)));
}

const char *text_of(const Any *value) {
  if (value->type == TYPE_RAW_STRING) return value->pointer;
  if (value->type == TYPE_STRING) return ((String *)value->object)->bytes.data;
  return "";
}

int64_t integer_of(const Any *value) {
  return value->type == TYPE_FLOAT ? (int64_t)value->real : value->integer;
}

Array *new_array(uint32_t size) {
  Array *array = new_object(TYPE_ARRAY, sizeof(Array));
  array->size = size;
  array->items = allocate(size * sizeof(Any));
  return array;
}

Function *new_function(Call *call, Object *bound) {
  Function *function = new_object(TYPE_FUNCTION, sizeof(Function));
  function->call = call;
  function->bound = bound;
  if (bound != NULL) retain(bound);
  return function;
}

int call_function(Function *function, Any *arguments, int count, Any *result) {
  if (function->script != 0) return call_script(function->script, arguments, count, result);
  return function->call(function->bound, arguments, count, result);
}

Function *find_script(const char *name) {
  for (int at = 0; at < SCRIPTS; at++)
    if (scripts[at].name != NULL && equal(scripts[at].name, name)) return scripts[at].function;
  return NULL;
}

// --- functions by name

static int array_make(Object *bound, Any *arguments, int count, Any *result) {
  Array *array = new_array((uint32_t)count);
  for (int at = 0; at < count; at++) {
    array->items[at] = arguments[at];
    if (arguments[at].type == TYPE_RAW_STRING) return_string(&array->items[at], text_of(&arguments[at]));
    else if (arguments[at].type >= 64) retain(arguments[at].object);
  }
  return_object(result, array);
  return 0;
}

static int array_size(Object *bound, Any *arguments, int count, Any *result) {
  *result = (Any){.type = TYPE_INT, .integer = ((Array *)arguments[0].object)->size};
  return 0;
}

static int array_get(Object *bound, Any *arguments, int count, Any *result) {
  Array *array = (Array *)arguments[0].object;
  uint64_t at = (uint64_t)integer_of(&arguments[1]);
  if (at >= array->size) return fail("There is no such item.");
  *result = array->items[at];
  if (result->type >= 64) retain(result->object);
  return 0;
}

static int shape_make(Object *bound, Any *arguments, int count, Any *result) {
  Shape *shape = new_object(TYPE_SHAPE, sizeof(Shape));
  shape->size = (uint32_t)count;
  shape->values = allocate((uint32_t)count * sizeof(int64_t));
  for (int at = 0; at < count; at++) shape->values[at] = integer_of(&arguments[at]);
  return_object(result, shape);
  return 0;
}

static int module_make(Object *bound, Any *arguments, int count, Any *result) {
  return_object(result, new_object(TYPE_MODULE, sizeof(Module)));
  return 0;
}

static Call *find_call(const char *name);

static int module_function(Object *bound, Any *arguments, int count, Any *result) {
  Call *call = find_call(text_of(&arguments[1]));
  if (call != NULL) return_object(result, new_function(call, arguments[0].object));
  return 0;
}

static int nothing(Object *bound, Any *arguments, int count, Any *result) { return 0; }

static int not_built_in(Object *bound, Any *arguments, int count, Any *result) {
  return fail("This program does not have that function.");
}

static const Entry ffi_functions[] = {
    {"ffi.Array", array_make},
    {"ffi.ArraySize", array_size},
    {"ffi.ArrayGetItem", array_get},
    {"ffi.Shape", shape_make},
    {"ffi.SystemLib", module_make},
    {"ffi.ModuleGetFunction", module_function},
    {"ffi.ModuleImportModule", not_built_in},
    {"ffi.FunctionListGlobalNamesFunctor", not_built_in},
    {"tvmjs.runtime.ArrayConcat", not_built_in},
    {"tvmjs.runtime.ConcatEmbeddings", not_built_in},
    {"tvmjs.array.decode_storage", not_built_in},
    {"vm.builtin.param_module_from_cache", not_built_in},
    {"vm.builtin.sample_top_p_from_logits", not_built_in},
    {"vm.builtin.sample_top_p_from_prob", not_built_in},
    {"vm.builtin.apply_repetition_penalty", not_built_in},
    {"vm.builtin.apply_presence_and_frequency_penalty", not_built_in},
    {"vm.builtin.apply_softmax_with_temperature", not_built_in},
    {"vm.builtin.attention_kv_cache_enable_sliding_window_for_seq", not_built_in},
    {"apply_penalty_inplace", not_built_in},
    {"apply_logit_bias_inplace", not_built_in},
    {"vm_load_executable", module_make},
    {"vm_initialization", nothing},
    {NULL, NULL},
};

static Call *find_call(const char *name) {
  const Entry *tables[] = {ffi_functions, tensor_functions, model_functions};
  for (int table = 0; table < 3; table++)
    for (const Entry *entry = tables[table]; entry->name != NULL; entry++)
      if (equal(entry->name, name)) return entry->call;
  return NULL;
}

// --- what the JavaScript side calls

EXPORT(_initialize) void initialize(void) {}
EXPORT(TVMWasmAllocSpace) void *alloc_space(int32_t size) { return allocate((uint32_t)size); }
EXPORT(TVMWasmFreeSpace) int free_space(void *pointer) {
  release(pointer);
  return 0;
}
EXPORT(TVMFFIWasmGetLastError) const char *get_last_error(void) { return last_error; }

EXPORT(TVMFFIErrorSetRaisedFromCStr) void set_raised(const char *kind, const char *message) {
  last_error = copy_text(message, length(message));
}

EXPORT(TVMFFIObjectIncRef) int inc_ref(Object *object) {
  retain(object);
  return 0;
}

EXPORT(TVMFFIObjectDecRef) int dec_ref(Object *object) {
  drop(object);
  return 0;
}

EXPORT(TVMFFITypeKeyToIndex) int type_index(const Bytes *key, int32_t *index) {
  *index = equal(key->data, "ffi.Array") ? TYPE_ARRAY : TYPE_MODULE;
  return 0;
}

EXPORT(TVMFFIFunctionGetGlobal) int get_global(const Bytes *name, Function **found) {
  Function *script = find_script(name->data);
  Call *call = find_call(name->data);
  if (script != NULL) retain(&script->object);
  *found = script != NULL ? script : call != NULL ? new_function(call, NULL) : NULL;
  return 0;
}

EXPORT(TVMFFIFunctionSetGlobal) int set_global(const Bytes *name, Function *function, int replace) {
  for (int at = 0; at < SCRIPTS; at++) {
    if (scripts[at].name != NULL) continue;
    scripts[at].name = copy_text(name->data, length(name->data));
    scripts[at].function = function;
    retain(&function->object);
    return 0;
  }
  return fail("There is no room for another function.");
}

EXPORT(TVMFFIWasmFunctionCreate) int function_create(int32_t index, Function **created) {
  *created = new_function(NULL, NULL);
  (*created)->script = index;
  return 0;
}

EXPORT(TVMFFIFunctionCall) int function_call(Function *function, Any *arguments, int count, Any *result) {
  return call_function(function, arguments, count, result);
}

EXPORT(TVMFFIAnyViewToOwnedAny) int to_owned(const Any *view, Any *owned) {
  if (view->type == TYPE_RAW_STRING) {
    return_string(owned, text_of(view));
  } else if (view->type == TYPE_BYTE_ARRAY) {
    const Bytes *bytes = view->pointer;
    return_object(owned, new_string(TYPE_BYTES, bytes->data, bytes->size));
  } else {
    if (view->type >= 64) retain(view->object);
    *owned = *view;
  }
  return 0;
}
