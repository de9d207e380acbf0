"""Makes a tiny BERT-like model in the layout of transformers.js, with logits and hidden states, for tests.

Needs numpy and onnx 1.16: `python make.py`. A character's hidden state is its row of a table: the first number says how
good it is, the second how bad, the third how much of a price.
"""

import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = Path(__file__).parent
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
HIDDEN = {"良": (3, 0, 0), "好": (3, 0, 0), "楽": (2, 0, 0), "悪": (0, 3, 0), "嫌": (0, 3, 0), "酷": (0, 4, 0), "高": (0, 1, 3), "安": (1, 0, 3), "値": (0, 0, 3)}
PLAIN = list("いくてでしたすがはのもなに味店品物駅人電話音段")

vocabulary = [*SPECIAL, *HIDDEN, *PLAIN]
table = np.array([HIDDEN.get(piece, (0, 0, 0)) for piece in vocabulary], np.float32)
# What is neither good nor bad is neutral: columns negative, neutral, positive.
weights = np.array([[0, 0, 6], [6, 0, 0], [0, 0, 0]], np.float32)
bias = np.array([0, 1, 0], np.float32)

constants = {"table": table, "weights": weights, "bias": bias, "axis": np.array([2]), "steps": np.array([1])}
nodes = [
    helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"]),
    helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
    helper.make_node("Unsqueeze", ["mask", "axis"], ["wide_mask"]),
    helper.make_node("Mul", ["last_hidden_state", "wide_mask"], ["kept"]),
    helper.make_node("ReduceSum", ["kept", "steps"], ["sum"], keepdims=0),
    helper.make_node("MatMul", ["sum", "weights"], ["product"]),
    helper.make_node("Add", ["product", "bias"], ["logits"]),
]
integers = lambda name: helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "pieces"])
floats = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
# Nothing reads the segments, but many exported models want them.
graph = helper.make_graph(
    nodes,
    "tiny",
    [integers("input_ids"), integers("attention_mask"), integers("token_type_ids")],
    [floats("logits", ["batch", 3]), floats("last_hidden_state", ["batch", "pieces", 3])],
    [numpy_helper.from_array(value, name) for name, value in constants.items()],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
checker.check_model(model)
(HERE / "onnx").mkdir(exist_ok=True)
save(model, HERE / "onnx/model.onnx")


def write(name: str, value: object) -> None:
    (HERE / name).write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


write("config.json", {"model_type": "bert", "pad_token_id": 0, "max_position_embeddings": 66})
write("tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "model_max_length": 64})
added = lambda piece: {"id": SPECIAL.index(piece), "content": piece, "special": True, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
special = lambda piece: {"SpecialToken": {"id": piece, "type_id": 0}}
write(
    "tokenizer.json",
    {
        "version": "1.0",
        "added_tokens": [added(piece) for piece in SPECIAL],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": False, "lowercase": False},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, special("[SEP]")],
            "pair": [],
            "special_tokens": {piece: {"id": piece, "ids": [SPECIAL.index(piece)], "tokens": [piece]} for piece in ("[CLS]", "[SEP]")},
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {piece: index for index, piece in enumerate(vocabulary)}},
    },
)
