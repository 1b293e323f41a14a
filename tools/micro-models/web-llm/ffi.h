// The part of TVM's foreign function interface that @mlc-ai/web-llm 0.2.86 calls, as its JavaScript reads and writes it.
#include <stddef.h>
#include <stdint.h>

enum {
  TYPE_NONE = 0,
  TYPE_INT = 1,
  TYPE_FLOAT = 3,
  TYPE_POINTER = 4,
  TYPE_DEVICE = 6,
  TYPE_RAW_STRING = 8,
  TYPE_BYTE_ARRAY = 9,
  TYPE_STRING = 65,
  TYPE_BYTES = 66,
  TYPE_FUNCTION = 68,
  TYPE_SHAPE = 69,
  TYPE_TENSOR = 70,
  TYPE_ARRAY = 71,
  TYPE_MODULE = 73,
  TYPE_KV_STATE = 128,
};

enum { DEVICE_CPU = 1, DEVICE_WEBGPU = 15 };

// Objects are counted; their type stands 8 bytes in, their content 24 bytes in.
typedef struct Object {
  uint64_t references;
  int32_t type;
  uint32_t padding;
  uint64_t deleter;
} Object;

typedef struct {
  int32_t type;
  uint32_t padding;
  union {
    int64_t integer;
    double real;
    void *pointer;
    Object *object;
    struct {
      int32_t type, id;
    } device;
  };
} Any;

typedef struct {
  const char *data;
  uint32_t size;
} Bytes;

typedef struct {
  Object object;
  Bytes bytes;
} String;

typedef struct {
  Object object;
  uint32_t size;
  int64_t *values;
} Shape;

typedef struct {
  Object object;
  uint32_t size;
  Any *items;
} Array;

typedef struct {
  Object object;
  void *data;
  int32_t device_type, device_id, dimensions;
  uint8_t code, bits;
  uint16_t lanes;
  int64_t *shape, *strides;
  uint64_t byte_offset;
  Object *owner;  // of the data, where this is a view
} Tensor;

// Returns 0, or -1 after fail().
typedef int Call(Object *bound, Any *arguments, int count, Any *result);

typedef struct {
  Object object;
  Call *call;
  Object *bound;
  int32_t script;  // index of a JavaScript function, or 0
} Function;

typedef struct {
  Object object;
  Array *parameters;
} Module;

typedef struct {
  const char *name;
  Call *call;
} Entry;

void *memcpy(void *to, const void *from, size_t size);
void *allocate(uint32_t size);
void release(void *block);
int equal(const char *a, const char *b);
uint32_t length(const char *text);
int fail(const char *message);

void *new_object(int32_t type, uint32_t size);
void retain(Object *object);
void drop(Object *object);
void return_object(Any *result, void *object);
void return_string(Any *result, const char *text);
const char *text_of(const Any *value);
int64_t integer_of(const Any *value);
Array *new_array(uint32_t size);
Function *new_function(Call *call, Object *bound);
int call_function(Function *function, Any *arguments, int count, Any *result);
Function *find_script(const char *name);

Tensor *new_tensor(const int64_t *shape, int32_t dimensions, char code, int bits, int device);
uint64_t bytes_of(const Tensor *tensor);
void free_tensor(Tensor *tensor);
void free_kv_state(Object *state);

extern const Entry tensor_functions[];
extern const Entry model_functions[];
