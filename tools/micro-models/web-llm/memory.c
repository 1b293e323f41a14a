// Memory in blocks of powers of two, each given back to a list of its size; and what clang expects of a C library.
#include "ffi.h"

typedef struct Block {
  struct Block *next;
  uint32_t power;
} Block;

extern unsigned char __heap_base;
static uint32_t top;
static Block *unused[32];

void *allocate(uint32_t size) {
  uint32_t power = 4;
  while ((1u << power) < size + sizeof(Block)) power++;
  Block *block = unused[power];
  if (block != NULL) {
    unused[power] = block->next;
  } else {
    if (top == 0) top = ((uint32_t)&__heap_base + 15) & ~15u;
    block = (Block *)top;
    top += 1u << power;
    uint32_t pages = __builtin_wasm_memory_size(0);
    if (top > pages * 65536u) __builtin_wasm_memory_grow(0, (top - pages * 65536u + 65535u) / 65536u);
    block->power = power;
  }
  unsigned char *bytes = (unsigned char *)(block + 1);
  for (uint32_t at = 0; at < size; at++) bytes[at] = 0;
  return bytes;
}

void release(void *pointer) {
  if (pointer == NULL) return;
  Block *block = (Block *)pointer - 1;
  block->next = unused[block->power];
  unused[block->power] = block;
}

void *memcpy(void *to, const void *from, size_t size) {
  for (size_t at = 0; at < size; at++) ((char *)to)[at] = ((const char *)from)[at];
  return to;
}

void *memset(void *to, int value, size_t size) {
  for (size_t at = 0; at < size; at++) ((char *)to)[at] = (char)value;
  return to;
}

uint32_t length(const char *text) {
  uint32_t size = 0;
  while (text[size] != 0) size++;
  return size;
}

int equal(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}
