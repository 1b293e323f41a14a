// The kernels in WGSL. Each takes its buffers, two whole numbers, and the number of groups, which JavaScript adds.

#define READ(at, name, type) "@group(0) @binding(" #at ") var<storage, read> " #name ": array<" #type ">;\n"
#define WRITE(at, name, type) "@group(0) @binding(" #at ") var<storage, read_write> " #name ": array<" #type ">;\n"
#define NUMBERS(at) \
  "struct Numbers { first: i32, second: i32, groups: u32 }\n" \
  "@group(0) @binding(" #at ") var<uniform> numbers: Numbers;\n"
#define MAIN(name) "@compute @workgroup_size(64) fn " #name "(@builtin(global_invocation_id) id: vec3<u32>) {\n" \
  "  let at = i32(id.x); let width = numbers.first;\n"
#define LISTED(name, buffers, writes) "\"" #name "\": {\"name\": \"" #name "\", \"arg_types\": [" buffers "\"int32\", \"int32\"]," \
  " \"launch_param_tags\": [\"paramWriteAccess:[" writes "]\", \"blockIdx.x\"]}"
#define BUFFER "\"handle\", "

static const struct {
  const char *name;
  int buffers;
  const char *code;
} kernels[] = {
    {"embed_tokens", 3,
     READ(0, tokens, i32) READ(1, weights, f32) WRITE(2, rows, f32) NUMBERS(3) MAIN(embed_tokens)
     "  if (at < numbers.second) { rows[at] = weights[tokens[at / width] * width + at % width]; }\n}\n"},
    {"append_rows", 2,
     READ(0, rows, f32) WRITE(1, cache, f32) NUMBERS(2) MAIN(append_rows)
     "  if (at < numbers.second) { cache[numbers.first + at] = rows[at]; }\n}\n"},
    {"add_up_rows", 2,
     READ(0, cache, f32) WRITE(1, sums, f32) NUMBERS(2) MAIN(add_up_rows)
     "  if (at >= width) { return; }\n"
     "  var sum = 0.0;\n"
     "  for (var row = 0; row < numbers.second; row++) { sum += cache[row * width + at]; }\n"
     "  sums[at] = sum;\n}\n"},
    {"predict_next", 5,
     READ(0, rows, f32) READ(1, sums, f32) READ(2, next, f32) READ(3, topic, f32) WRITE(4, logits, f32) NUMBERS(5)
     MAIN(predict_next)
     "  if (at >= width) { return; }\n"
     "  var sum = 0.0;\n"
     "  for (var token = 0; token < width; token++) {\n"
     "    sum += rows[numbers.second + token] * next[token * width + at] + sums[token] * topic[token * width + at];\n"
     "  }\n"
     "  logits[at] = sum;\n}\n"},
    {"mask_tokens", 2,
     WRITE(0, logits, f32) READ(1, allowed, i32) NUMBERS(2) MAIN(mask_tokens)
     "  if (at < width && ((allowed[at / 32] >> u32(at % 32)) & 1) == 0) { logits[at] = -1.0e9; }\n}\n"},
    {"soften", 3,
     READ(0, logits, f32) READ(1, temperature, f32) WRITE(2, probabilities, f32) NUMBERS(3) MAIN(soften)
     "  if (at > 0) { return; }\n"
     "  var most = logits[0];\n"
     "  for (var token = 1; token < width; token++) { most = max(most, logits[token]); }\n"
     "  var sum = 0.0;\n"
     "  for (var token = 0; token < width; token++) {\n"
     "    let odds = exp((logits[token] - most) / temperature[0]);\n"
     "    probabilities[token] = odds;\n"
     "    sum += odds;\n"
     "  }\n"
     "  for (var token = 0; token < width; token++) { probabilities[token] = probabilities[token] / sum; }\n}\n"},
    {"rank", 3,
     READ(0, probabilities, f32) WRITE(1, ranked, f32) WRITE(2, order, i32) NUMBERS(3) MAIN(rank)
     "  if (at >= width) { return; }\n"
     "  let own = probabilities[at];\n"
     "  var place = 0;\n"
     "  for (var other = 0; other < width; other++) {\n"
     "    let odds = probabilities[other];\n"
     "    if (odds > own || (odds == own && other < at)) { place++; }\n"
     "  }\n"
     "  ranked[place] = own;\n"
     "  order[place] = at;\n}\n"},
    {"pick", 5,
     READ(0, ranked, f32) READ(1, order, i32) READ(2, chance, f32) READ(3, nucleus, f32) WRITE(4, token, i32) NUMBERS(5)
     MAIN(pick)
     "  if (at > 0) { return; }\n"
     "  let goal = chance[0] * nucleus[0];\n"
     "  var sum = 0.0;\n"
     "  token[0] = order[0];\n"
     "  for (var place = 0; place < width; place++) {\n"
     "    sum += ranked[place];\n"
     "    if (sum >= goal) { token[0] = order[place]; return; }\n"
     "  }\n}\n"},
};

static const char kernel_list[] = "{"
    LISTED(embed_tokens, BUFFER BUFFER BUFFER, "0, 0, 1") ", "
    LISTED(append_rows, BUFFER BUFFER, "0, 1") ", "
    LISTED(add_up_rows, BUFFER BUFFER, "0, 1") ", "
    LISTED(predict_next, BUFFER BUFFER BUFFER BUFFER BUFFER, "0, 0, 0, 0, 1") ", "
    LISTED(mask_tokens, BUFFER BUFFER, "1, 0") ", "
    LISTED(soften, BUFFER BUFFER BUFFER, "0, 0, 1") ", "
    LISTED(rank, BUFFER BUFFER BUFFER, "0, 1, 1") ", "
    LISTED(pick, BUFFER BUFFER BUFFER BUFFER BUFFER, "0, 0, 0, 0, 1") "}";
