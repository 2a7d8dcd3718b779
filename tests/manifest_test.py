"""The KServe manifest of docs/serving.md has fields that KServe knows."""

import pathlib
import re

import pytest
import tensorflow as tf
import yaml

_PAGE = pathlib.Path(__file__).parents[1] / "docs" / "serving.md"


@pytest.mark.slow
class ManifestTest(tf.test.TestCase):
    def test_every_field_is_one_of_the_sdk(self):
        import kserve
        import kubernetes.client

        def check(value, kind):
            if kind.startswith("list["):
                for each in value:
                    check(each, kind[5:-1])
            elif kind.startswith("V1"):
                found = getattr(kserve, kind, None)
                found = found or getattr(kubernetes.client, kind)
                fields = {j: p for p, j in found.attribute_map.items()}
                self.assertContainsSubset(value, fields, kind)
                for name, each in value.items():
                    check(each, found.openapi_types[fields[name]])
            elif not kind.lower().startswith("dict"):
                self.assertEqual(type(value).__name__, kind)

        (text,) = re.findall(r"```yaml\n(.*?)```", _PAGE.read_text(), re.S)
        check(yaml.safe_load(text), "V1beta1InferenceService")


if __name__ == "__main__":
    tf.test.main()
