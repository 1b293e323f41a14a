// Tensors in the memory of the program or in buffers of the GPU, and the table that weights are loaded into.
#include "ffi.h"

#define CACHE_SIZE 16

static struct {
  const char *name;
  Tensor *tensor;
} cache[CACHE_SIZE];

// One function of the GPU's interface, which JavaScript hands out by name.
static int device_call(const char *name, Any *arguments, int count, Any *result) {
  Function *interface = find_script("wasm.WebGPUDeviceAPI");
  if (interface == NULL) return fail("There is no GPU.");
  Any asked = {.type = TYPE_RAW_STRING, .pointer = (void *)name};
  Any found = {.type = TYPE_NONE};
  if (call_function(interface, &asked, 1, &found) != 0) return -1;
  int status = call_function((Function *)found.object, arguments, count, result);
  drop(found.object);
  return status;
}

static Any integer(int64_t value) { return (Any){.type = TYPE_INT, .integer = value}; }

uint64_t bytes_of(const Tensor *tensor) {
  uint64_t bits = (uint64_t)tensor->bits * tensor->lanes;
  for (int at = 0; at < tensor->dimensions; at++) bits *= (uint64_t)tensor->shape[at];
  return (bits + 7) / 8;
}

static Tensor *describe_tensor(const int64_t *shape, int32_t dimensions, char code, int bits, int device) {
  Tensor *tensor = new_object(TYPE_TENSOR, sizeof(Tensor));
  tensor->device_type = device;
  tensor->dimensions = dimensions;
  tensor->code = (uint8_t)code;
  tensor->bits = (uint8_t)bits;
  tensor->lanes = 1;
  tensor->shape = allocate((uint32_t)dimensions * sizeof(int64_t));
  for (int at = 0; at < dimensions; at++) tensor->shape[at] = shape[at];
  return tensor;
}

Tensor *new_tensor(const int64_t *shape, int32_t dimensions, char code, int bits, int device) {
  Tensor *tensor = describe_tensor(shape, dimensions, code, bits, device);
  uint64_t bytes = bytes_of(tensor);
  if (device == DEVICE_CPU) {
    tensor->data = allocate((uint32_t)bytes);
    return tensor;
  }
  Any size = integer((int64_t)bytes), made = {.type = TYPE_NONE};
  if (device_call("deviceAllocDataSpace", &size, 1, &made) != 0) return NULL;
  tensor->data = (void *)(uint32_t)integer_of(&made);
  return tensor;
}

void free_tensor(Tensor *tensor) {
  Any data = {.type = TYPE_POINTER, .pointer = tensor->data}, nothing = {.type = TYPE_NONE};
  if (tensor->owner != NULL) drop(tensor->owner);
  else if (tensor->device_type == DEVICE_CPU) release(tensor->data);
  else device_call("deviceFreeDataSpace", &data, 1, &nothing);
  release(tensor->shape);
}

static int allocate_tensor(Object *bound, Any *arguments, int count, Any *result) {
  const Shape *shape = (const Shape *)arguments[0].object;
  const char *type = text_of(&arguments[1]);
  char code = type[0] == 'f' ? 2 : type[0] == 'u' ? 1 : 0;
  Tensor *tensor = new_tensor(shape->values, (int32_t)shape->size, code, 32, arguments[2].device.type);
  if (tensor == NULL) return -1;
  return_object(result, tensor);
  return 0;
}

static int view_tensor(Object *bound, Any *arguments, int count, Any *result) {
  Tensor *tensor = (Tensor *)arguments[0].object;
  const Shape *shape = (const Shape *)arguments[1].object;
  Tensor *view =
      describe_tensor(shape->values, (int32_t)shape->size, (char)tensor->code, tensor->bits, tensor->device_type);
  view->data = tensor->data;
  view->owner = &tensor->object;
  retain(view->owner);
  return_object(result, view);
  return 0;
}

static int copy_tensor(Object *bound, Any *arguments, int count, Any *result) {
  const Tensor *from = (const Tensor *)arguments[0].object, *to = (const Tensor *)arguments[1].object;
  Any size = integer((int64_t)bytes_of(from)), start = integer(0);
  Any source = {.type = TYPE_POINTER, .pointer = from->data}, target = {.type = TYPE_POINTER, .pointer = to->data};
  if (from->device_type == DEVICE_WEBGPU && to->device_type == DEVICE_CPU) {
    Any read[] = {source, start, target, size};
    return device_call("deviceCopyFromGPU", read, 4, result);
  }
  return fail("This program copies from the GPU only.");
}

static int tensor_bytes(Object *bound, Any *arguments, int count, Any *result) {
  const Tensor *tensor = (const Tensor *)arguments[0].object;
  uint32_t size = (uint32_t)bytes_of(tensor);
  String *bytes = new_object(TYPE_BYTES, sizeof(String));
  char *copy = allocate(size);
  memcpy(copy, tensor->data, size);
  bytes->bytes = (Bytes){copy, size};
  return_object(result, bytes);
  return 0;
}

static int not_from_script(Object *bound, Any *arguments, int count, Any *result) {
  return fail("This program takes bytes into the GPU only.");
}

static Tensor *cached(const char *name) {
  for (int at = 0; at < CACHE_SIZE; at++)
    if (cache[at].name != NULL && equal(cache[at].name, name)) return cache[at].tensor;
  return NULL;
}

static int cache_update(Object *bound, Any *arguments, int count, Any *result) {
  const char *name = text_of(&arguments[0]);
  for (int at = 0; at < CACHE_SIZE; at++) {
    if (cache[at].name != NULL) continue;
    char *copy = allocate(length(name) + 1);
    memcpy(copy, name, length(name));
    cache[at].name = copy;
    cache[at].tensor = (Tensor *)arguments[1].object;
    retain(arguments[1].object);
    return 0;
  }
  return fail("There is no room for another weight.");
}

static int cache_get(Object *bound, Any *arguments, int count, Any *result) {
  Tensor *tensor = cached(text_of(&arguments[0]));
  if (tensor == NULL) return 0;
  retain(&tensor->object);
  return_object(result, tensor);
  return 0;
}

static int cache_clear(Object *bound, Any *arguments, int count, Any *result) {
  for (int at = 0; at < CACHE_SIZE; at++) {
    if (cache[at].name != NULL) drop(&cache[at].tensor->object);
    cache[at].name = NULL;
  }
  return 0;
}

static int parameters_by_name(Object *bound, Any *arguments, int count, Any *result) {
  const Array *names = (const Array *)arguments[0].object;
  Module *module = new_object(TYPE_MODULE, sizeof(Module));
  module->parameters = new_array(names->size);
  for (uint32_t at = 0; at < names->size; at++) {
    Tensor *tensor = cached(text_of(&names->items[at]));
    if (tensor == NULL) return fail("A weight is missing.");
    retain(&tensor->object);
    return_object(&module->parameters->items[at], tensor);
  }
  return_object(result, module);
  return 0;
}

static int get_parameters(Object *bound, Any *arguments, int count, Any *result) {
  Array *parameters = ((Module *)bound)->parameters;
  retain(&parameters->object);
  return_object(result, parameters);
  return 0;
}

const Entry tensor_functions[] = {
    {"runtime.TVMTensorAllocWithScope", allocate_tensor},
    {"runtime.TVMTensorCreateView", view_tensor},
    {"runtime.TVMTensorCopyFromTo", copy_tensor},
    {"tvmjs.runtime.TensorCopyFromBytes", not_from_script},
    {"tvmjs.runtime.TensorCopyToBytes", tensor_bytes},
    {"vm.builtin.tensor_cache.get", cache_get},
    {"vm.builtin.tensor_cache.remove", not_from_script},
    {"vm.builtin.tensor_cache.update", cache_update},
    {"vm.builtin.tensor_cache.clear", cache_clear},
    {"vm.builtin.param_module_from_cache_by_name", parameters_by_name},
    {"get_params", get_parameters},
    {NULL, NULL},
};
